#include <gtest/gtest.h>

#include <farcall/session/reconnect.hpp>

#include "support.hpp"

namespace {

using farcall::reconnect_backoff;
using farcall::seeded_random;
using farcall::never;
using farcall::detail::reconnect;
using namespace session_test;

TEST(reconnect, is_allowed_at_once_at_first_and_after_one_failure) {
    seeded_random random{1};
    reconnect tries{{}};
    EXPECT_LE(tries.next_attempt(), start);
    EXPECT_EQ(tries.reason(), "");
    tries.failed(never, start, "refused", random);
    EXPECT_LE(tries.next_attempt(), start);
    EXPECT_EQ(tries.reason(), "refused");
    EXPECT_EQ(tries.failures(), 1u);
}

TEST(reconnect, pauses_grow_by_their_factor_up_to_the_longest) {
    seeded_random random{1};
    reconnect tries{{.initial = 1s, .multiplier = 1.6, .longest = 120s, .jitter = 0}};
    tries.failed(never, start, "", random);
    for (const auto pause : {1'000ms, 1'600ms, 2'560ms, 4'096ms, 6'553ms}) {
        tries.failed(never, start, "", random);
        EXPECT_EQ(tries.next_attempt() - start, pause);
    }
    for (int i = 0; i < 100'000; ++i) tries.failed(never, start, "", random);
    EXPECT_EQ(tries.next_attempt() - start, 120s);
}

TEST(reconnect, pauses_are_drawn_from_both_sides_of_their_length) {
    seeded_random random{7};
    reconnect tries{{}};
    tries.failed(never, start, "", random);
    auto least = 10'000ms, most = 0ms;
    for (int i = 0; i < 1'000; ++i) {
        reconnect each = tries;
        each.failed(never, start, "", random);
        const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(each.next_attempt() - start);
        EXPECT_GE(pause, 800ms);
        EXPECT_LE(pause, 1'200ms);
        least = std::min(least, pause);
        most = std::max(most, pause);
    }
    EXPECT_LT(least, 820ms);
    EXPECT_GT(most, 1'180ms);
}

TEST(reconnect, begins_anew_when_one_worked) {
    seeded_random random{1};
    reconnect tries{{}};
    for (int i = 0; i < 10; ++i) tries.failed(never, start, "refused", random);
    EXPECT_GT(tries.next_attempt(), start + 10s);
    tries.reset();
    EXPECT_LE(tries.next_attempt(), start);
    EXPECT_EQ(tries.failures(), 0u);
    EXPECT_EQ(tries.reason(), "");
    tries.failed(never, start, "refused", random);
    EXPECT_LE(tries.next_attempt(), start);
}

TEST(reconnect, pauses_are_not_lengthened_by_attempts_that_came_too_early) {
    seeded_random random{1};
    reconnect tries{{.jitter = 0}};
    for (int i = 0; i < 2; ++i) tries.failed(start, start, "first", random);
    EXPECT_EQ(tries.next_attempt(), start + 1s);
    for (int i = 0; i < 50; ++i) tries.failed(start + 999ms, start + 2s, "later", random);
    EXPECT_EQ(tries.next_attempt(), start + 1s);
    EXPECT_EQ(tries.reason(), "later");
    tries.failed(start + 1s, start + 2s, "due", random);
    EXPECT_EQ(tries.next_attempt(), start + 3'600ms);
}

TEST(reconnect, stands_any_numbers) {
    seeded_random random{1};
    for (const reconnect_backoff& odd :
         {reconnect_backoff{.initial = 0ms, .multiplier = 0, .longest = 0ms, .jitter = 5},
          reconnect_backoff{.initial = 5s, .multiplier = -3, .longest = 1s, .jitter = -1},
          reconnect_backoff{.initial = 1h, .multiplier = 1e300, .longest = std::chrono::milliseconds::max(), .jitter = 1},
          reconnect_backoff{.initial = -5s}}) {
        reconnect tries{odd};
        for (int i = 0; i < 5'000; ++i) {
            tries.failed(never, start, "", random);
            EXPECT_TRUE(tries.next_attempt() == time_point::min() || tries.next_attempt() >= start);
        }
    }
    reconnect flat{{.initial = 5s, .multiplier = 0, .longest = 1s, .jitter = 0}};
    for (int i = 0; i < 2; ++i) flat.failed(never, start, "", random);
    EXPECT_EQ(flat.next_attempt() - start, 1s);
}

}  // namespace
