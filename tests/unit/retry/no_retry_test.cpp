#include <farcall/retry/no_retry.hpp>

#include "retry_suite.hpp"

using farcall::no_retry;

INSTANTIATE_TYPED_TEST_SUITE_P(no_retry, retry_suite, no_retry);

TEST(no_retry, never_makes_another_attempt) {
    farcall::seeded_random random{1};
    EXPECT_FALSE(no_retry{}.retry(
        {.attempt = 1, .code = farcall::status::unavailable, .executed = farcall::executed::no}, random));
    EXPECT_EQ(no_retry{}.attempt_timeout().count(), 0);
    EXPECT_FALSE(no_retry::repeats_unsafe);
}
