#include <farcall/service/read_arguments.hpp>

#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/codec/codecs.hpp>

namespace {

/// Reads the arguments of one call into a tuple.
template <class... Stored>
struct reading {
    using stored = farcall::detail::stored_arguments<Stored...>;
    using values = typename stored::values;

    static bool read_all(std::string_view text, std::size_t max_depth, values& into) {
        return std::apply(
            [&](auto&... each) {
                const typename stored::places places{&each..., nullptr};
                return farcall::detail::read_all_arguments(text, max_depth, places, stored::forms);
            },
            into);
    }
    static bool read(std::string_view text, std::size_t max_depth, values& into, std::span<const std::string_view> names,
                     farcall::detail::argument_failure& why) {
        return std::apply(
            [&](auto&... each) {
                const typename stored::places places{&each..., nullptr};
                return farcall::detail::read_arguments(text, max_depth, places, stored::forms, names, why);
            },
            into);
    }
};

using reader = reading<int, std::string, std::optional<bool>>;
constexpr std::string_view names[] = {"a", "b", "c"};

}  // namespace

TEST(read_arguments, reads_all_arguments_at_once) {
    reader::values values;
    ASSERT_TRUE(reader::read_all(R"([5,"x",true])", 64, values));
    EXPECT_EQ(values, (reader::values{5, "x", true}));
    ASSERT_TRUE(reader::read_all(R"( [ 5 , "x" , null ] )", 64, values));
    EXPECT_EQ(values, (reader::values{5, "x", std::nullopt}));
    for (std::string_view text : {"", "[]", "[5]", R"([5,"x"])", R"([5,"x",true,1])", R"([5,"x",true],)", R"([5,"x",true]])",
                                  R"({"a":5,"b":"x","c":true})", R"([5,"x",true,])", R"(["x",5,true])", "[", "]", "[,]"}) {
        EXPECT_FALSE(reader::read_all(text, 64, values)) << text;
    }
    EXPECT_FALSE(reader::read_all(R"([5,"x",true])", 0, values)) << "the depth is observed";
}

TEST(read_arguments, takes_nothing_at_once_that_it_would_not_take_one_by_one) {
    std::mt19937_64 random{3};
    const std::string good = R"([-17, "a\nb" ,null])";
    for (int i = 0; i != 100'000; ++i) {
        std::string text = good;
        for (auto changes = random() % 3; changes != 0; --changes) text[random() % text.size()] = "[]{},:\"\\-017 nultrefs"[random() % 21];
        reader::values at_once, one_by_one;
        farcall::detail::argument_failure why;
        const bool all = reader::read_all(text, 64, at_once);
        const bool general = reader::read(text, 64, one_by_one, names, why);
        // The general way also takes fewer and named ones.
        ASSERT_TRUE(!all || general) << text;
        if (all) { ASSERT_EQ(at_once, one_by_one) << text; }
    }
}

namespace {

/// A reader of that many optional numbers.
template <class Indices>
struct many;
template <std::size_t... I>
struct many<std::index_sequence<I...>> {
    using reader = reading<std::enable_if_t<(I < sizeof...(I)), std::optional<int>>...>;
    static std::vector<std::string> names() { return {("p" + std::to_string(I))...}; }
};

template <std::size_t Count>
void read_by_name() {
    using reader = typename many<std::make_index_sequence<Count>>::reader;
    const std::vector<std::string> texts = many<std::make_index_sequence<Count>>::names();
    const std::vector<std::string_view> names{texts.begin(), texts.end()};
    typename reader::values into{};
    farcall::detail::argument_failure why;
    const std::string last = "\"" + texts.back() + "\":";
    EXPECT_TRUE(reader::read("{" + last + "7,\"p0\":1}", 64, into, names, why)) << why.message;
    EXPECT_EQ(std::get<Count - 1>(into), 7);
    EXPECT_EQ(std::get<0>(into), 1);
    EXPECT_FALSE(reader::read("{" + last + "7,\"p0\":1," + last + "8}", 64, into, names, why));
    EXPECT_EQ(why.message.substr(0, why.message.find(';')), "got twice the parameter " + texts.back());
    EXPECT_FALSE(reader::read("{\"q\":1}", 64, into, names, why));
    EXPECT_EQ(why.message.substr(0, why.message.find(';')), "has no parameter q");
}

}  // namespace

TEST(read_arguments, finds_repeated_names_among_few_and_among_many_parameters) {
    read_by_name<2>();
    read_by_name<64>();
    read_by_name<65>();
    read_by_name<100>();
}
