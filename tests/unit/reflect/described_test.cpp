#include <farcall/reflect/described.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

namespace paint {
enum class color { red = 1, green = 7, blue = 7000 };
BOOST_DESCRIBE_ENUM(color, red, green, blue)
enum classic { plain_one, plain_two };
BOOST_DESCRIBE_ENUM(classic, plain_one, plain_two)
enum class plain { a };
struct pot {
    int litres;
};
BOOST_DESCRIBE_STRUCT(pot, (), (litres))
struct bare {
    int litres;
};
}  // namespace paint

TEST(described_enum, is_told_from_others) {
    static_assert(farcall::described_enum<paint::color>);
    static_assert(farcall::described_enum<paint::classic>);
    static_assert(!farcall::described_enum<paint::plain>);
    static_assert(!farcall::described_enum<int>);
}

TEST(described_class, is_told_from_others) {
    static_assert(farcall::described_class<paint::pot>);
    static_assert(!farcall::described_class<paint::bare>);
    static_assert(!farcall::described_class<int>);
}

TEST(enumerator_name, is_the_name_or_empty) {
    EXPECT_EQ(farcall::enumerator_name(paint::color::blue), "blue");
    EXPECT_EQ(farcall::enumerator_name(paint::plain_two), "plain_two");
    EXPECT_EQ(farcall::enumerator_name(static_cast<paint::color>(2)), "");
}

TEST(enumerator_from_name, finds_exact_names_only) {
    paint::color found = paint::color::red;
    EXPECT_TRUE(farcall::enumerator_from_name("green", found));
    EXPECT_EQ(found, paint::color::green);
    EXPECT_FALSE(farcall::enumerator_from_name("Green", found));
    EXPECT_FALSE(farcall::enumerator_from_name("gree", found));
    EXPECT_FALSE(farcall::enumerator_from_name("", found));
    EXPECT_EQ(found, paint::color::green);
}

TEST(any_enumerator, visits_in_the_order_of_the_description_until_told) {
    std::string seen;
    EXPECT_TRUE(farcall::any_enumerator<paint::color>([&](paint::color, std::string_view name) {
        seen += name;
        return name == "green";
    }));
    EXPECT_EQ(seen, "redgreen");
}
