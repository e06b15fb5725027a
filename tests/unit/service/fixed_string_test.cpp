#include <farcall/fixed_string.hpp>

#include <gtest/gtest.h>

#include <string_view>
#include <type_traits>

namespace {

template <farcall::fixed_string Text>
struct tagged {
    static constexpr std::string_view text = Text.view();
};

TEST(fixed_string, is_a_template_argument) {
    EXPECT_EQ(tagged<"commas, \"quotes\" and ümlauts">::text, "commas, \"quotes\" and ümlauts");
    EXPECT_EQ(tagged<"">::text, "");
    static_assert(std::is_same_v<tagged<"a">, tagged<"a">>);
    static_assert(!std::is_same_v<tagged<"a">, tagged<"b">>);
}

TEST(fixed_string, is_made_from_a_view_as_from_a_literal) {
    static constexpr std::string_view view = "text";
    static_assert(std::is_same_v<tagged<farcall::fixed_string<view.size() + 1>{view}>, tagged<"text">>);
    static_assert(farcall::fixed_string{"text"}.size() == 4);
}

TEST(fixed_string, compares_by_its_text) {
    static_assert(farcall::fixed_string{"a"} == farcall::fixed_string{"a"});
    static_assert(!(farcall::fixed_string{"a"} == farcall::fixed_string{"ab"}));
}

}  // namespace
