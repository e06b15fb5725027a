#include <gtest/gtest.h>

#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/retry/hedged.hpp>

#include "unit/retry/retry_suite.hpp"

INSTANTIATE_TYPED_TEST_SUITE_P(hedged, retry_suite, farcall::hedged);

namespace hedged_test {

using farcall::hedged;
using farcall::status;
using namespace std::chrono_literals;

static_assert(farcall::hedging_policy<hedged>);
static_assert(!farcall::hedging_policy<farcall::exponential_backoff>);

std::optional<std::chrono::milliseconds> after(const hedged& policy, unsigned attempt, status code,
                                               std::chrono::milliseconds retry_after = 0ms) {
    farcall::seeded_random random{1};
    return policy.retry({.attempt = attempt, .code = code, .retry_after = retry_after}, random);
}

TEST(hedged, makes_the_next_attempt_at_once_when_one_has_failed) {
    EXPECT_EQ(after({.max_attempts = 3}, 1, status::unavailable), 0ms);
    EXPECT_EQ(after({.max_attempts = 3}, 2, status::unavailable), 0ms);
    EXPECT_EQ(after({.max_attempts = 3}, 3, status::unavailable), std::nullopt);
    EXPECT_EQ(after({}, 1, status::unavailable, 70ms), 70ms);
    EXPECT_EQ(after({}, 1, status::not_found), std::nullopt);
    EXPECT_EQ(after({.max_attempts = 0}, 1, status::unavailable), std::nullopt);
}

TEST(hedged, a_delay_below_zero_counts_as_zero) {
    EXPECT_EQ((hedged{.delay = -5ms}).hedge_delay(), 0ms);
    EXPECT_EQ((hedged{.delay = 30ms}).hedge_delay(), 30ms);
}

}  // namespace hedged_test
