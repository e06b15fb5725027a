#include <farcall/retry/fixed_delay.hpp>

#include "retry_suite.hpp"

using namespace std::chrono_literals;
using farcall::executed;
using farcall::fixed_delay;
using farcall::status;

INSTANTIATE_TYPED_TEST_SUITE_P(fixed_delay, retry_suite, fixed_delay);

namespace {

std::optional<std::chrono::milliseconds> decide(const fixed_delay& policy, const farcall::failed_attempt& failed) {
    farcall::seeded_random random{1};
    return policy.retry(failed, random);
}

}  // namespace

TEST(fixed_delay, pauses_always_the_same) {
    const fixed_delay policy{.max_attempts = 4, .delay = 70ms};
    for (unsigned attempt = 1; attempt < 4; ++attempt)
        EXPECT_EQ(decide(policy, {.attempt = attempt, .code = status::unavailable}), 70ms);
    EXPECT_EQ(decide(policy, {.attempt = 4, .code = status::unavailable}), std::nullopt);
}

TEST(fixed_delay, zero_is_at_once_and_one_attempt_is_none_more) {
    EXPECT_EQ(decide({.delay = 0ms}, {.attempt = 1, .code = status::unavailable}), 0ms);
    for (const unsigned attempts : {0u, 1u})
        EXPECT_EQ(decide({.max_attempts = attempts}, {.attempt = 1, .code = status::unavailable}), std::nullopt);
}

TEST(fixed_delay, obeys_the_server_that_asks_for_more_time_and_not_for_less) {
    EXPECT_EQ(decide({.delay = 70ms}, {.code = status::unavailable, .retry_after = 2s}), 2s);
    EXPECT_EQ(decide({.delay = 70ms}, {.code = status::unavailable, .retry_after = 10ms}), 70ms);
}

TEST(fixed_delay, leaves_alone_what_is_not_transient) {
    EXPECT_EQ(decide({}, {.code = status::not_found, .executed = executed::no}), std::nullopt);
    EXPECT_EQ(decide({}, {.code = status::resource_exhausted, .executed = executed::unknown}), std::nullopt);
    EXPECT_EQ(decide({}, {.code = status::resource_exhausted, .executed = executed::no}), 100ms);
}

TEST(fixed_delay, says_how_long_an_attempt_may_take) {
    EXPECT_EQ(fixed_delay{}.attempt_timeout(), 0ms);
    EXPECT_EQ((fixed_delay{.per_attempt = 300ms}.attempt_timeout()), 300ms);
    EXPECT_FALSE(fixed_delay::repeats_unsafe);
}
