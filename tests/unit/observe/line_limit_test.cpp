#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include <farcall/observe/line_limit.hpp>

namespace {

using namespace std::chrono_literals;
using farcall::detail::line_limit;

constexpr farcall::time_point start{1h};

TEST(line_limit, lets_so_many_lines_of_a_kind_pass_within_any_second) {
    line_limit limit{3};
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admit("a", start + i * 300ms));
    EXPECT_FALSE(limit.admit("a", start + 900ms));
    EXPECT_FALSE(limit.admit("a", start + 1s - 1ns));
    EXPECT_TRUE(limit.admit("a", start + 1s)) << "the first is a second ago";
    EXPECT_FALSE(limit.admit("a", start + 1299ms));
    EXPECT_TRUE(limit.admit("a", start + 1300ms));
}

TEST(line_limit, never_lets_more_pass_within_a_second_however_they_come) {
    line_limit limit{10};
    std::vector<farcall::time_point> passed;
    std::uint64_t seed = 1;
    farcall::time_point now = start;
    for (int i = 0; i < 20'000; ++i) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        now += std::chrono::microseconds{(seed >> 33) % 40'000};
        if (limit.admit("a", now)) passed.push_back(now);
    }
    ASSERT_GT(passed.size(), 1000u);
    for (std::size_t i = 10; i < passed.size(); ++i) ASSERT_GE(passed[i] - passed[i - 10], 1s);
}

TEST(line_limit, counts_each_kind_apart) {
    line_limit limit{1};
    EXPECT_TRUE(limit.admit("a", start));
    EXPECT_TRUE(limit.admit("b", start));
    EXPECT_FALSE(limit.admit("a", start));
}

TEST(line_limit, tells_what_was_left_out_after_five_seconds) {
    line_limit limit{1};
    EXPECT_EQ(limit.next_due(), farcall::never);
    EXPECT_TRUE(limit.admit("a", start));
    for (int i = 0; i < 1234; ++i) EXPECT_FALSE(limit.admit("a", start + 100ms));
    EXPECT_EQ(limit.next_due(), start + 5100ms);
    EXPECT_FALSE(limit.due(start + 5099ms));
    const auto told = limit.due(start + 5100ms);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->kind, "a");
    EXPECT_EQ(told->count, 1234u);
    EXPECT_EQ(told->within, 5s);
    EXPECT_FALSE(limit.due(start + 1h)) << "it was told";
}

TEST(line_limit, tells_the_rest_at_once_when_asked) {
    line_limit limit{1};
    for (const char* kind : {"a", "b", "a", "b"}) (void)limit.admit(kind, start);
    EXPECT_TRUE(limit.remaining(start));
    EXPECT_TRUE(limit.remaining(start));
    EXPECT_FALSE(limit.remaining(start));
}

TEST(line_limit, of_zero_limits_nothing) {
    line_limit limit{0};
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.admit("a", start));
    EXPECT_EQ(limit.next_due(), farcall::never);
}

TEST(line_limit, does_not_grow_by_kinds_that_are_made_up) {
    line_limit limit{1};
    for (std::size_t i = 0; i < line_limit::most_kinds; ++i) EXPECT_TRUE(limit.admit("kind " + std::to_string(i), start));
    EXPECT_TRUE(limit.admit("one more", start));
    EXPECT_FALSE(limit.admit("and another", start)) << "all further kinds are one";
    EXPECT_FALSE(limit.admit("kind 7", start)) << "those before are told apart as ever";
}

}  // namespace
