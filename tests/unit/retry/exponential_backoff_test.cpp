#include <farcall/retry/exponential_backoff.hpp>

#include "retry_suite.hpp"

using namespace std::chrono_literals;
using farcall::executed;
using farcall::exponential_backoff;
using farcall::status;

INSTANTIATE_TYPED_TEST_SUITE_P(exponential_backoff, retry_suite, exponential_backoff);

namespace {

std::optional<std::chrono::milliseconds> decide(const exponential_backoff& policy,
                                                const farcall::failed_attempt& failed, std::uint64_t seed = 1) {
    farcall::seeded_random random{seed};
    return policy.retry(failed, random);
}

std::vector<std::chrono::milliseconds> pauses(const exponential_backoff& policy, std::uint64_t seed = 1) {
    farcall::seeded_random random{seed};
    std::vector<std::chrono::milliseconds> made;
    for (unsigned attempt = 1; attempt < 100; ++attempt) {
        const auto pause = policy.retry({.attempt = attempt, .code = status::unavailable}, random);
        if (!pause) break;
        made.push_back(*pause);
    }
    return made;
}

using times = std::vector<std::chrono::milliseconds>;

}  // namespace

TEST(exponential_backoff, pauses_100_200_400_ms) {
    EXPECT_EQ(pauses({.max_attempts = 4}), (times{100ms, 200ms, 400ms}));
}

TEST(exponential_backoff, makes_three_attempts_unless_told) {
    EXPECT_EQ(pauses({}), (times{100ms, 200ms}));
    EXPECT_EQ(pauses({.max_attempts = 1}), times{});
    EXPECT_EQ(pauses({.max_attempts = 0}), times{});
}

TEST(exponential_backoff, grows_up_to_the_longest_pause) {
    EXPECT_EQ(pauses({.max_attempts = 9}), (times{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}));
    EXPECT_EQ(pauses({.max_attempts = 4, .initial_delay = 50ms, .multiplier = 3, .max_delay = 200ms}),
              (times{50ms, 150ms, 200ms}));
}

TEST(exponential_backoff, a_factor_below_one_does_not_shrink_the_pauses) {
    for (const double factor : {0.5, 0.0, -3.0, std::numeric_limits<double>::quiet_NaN()})
        EXPECT_EQ(pauses({.max_attempts = 4, .multiplier = factor}), (times{100ms, 100ms, 100ms})) << factor;
}

TEST(exponential_backoff, large_factors_and_attempts_overflow_nowhere) {
    const exponential_backoff endless{.max_attempts = std::numeric_limits<unsigned>::max(), .multiplier = 1e300};
    for (const unsigned attempt : {2u, 3u, 1'000u, std::numeric_limits<unsigned>::max() - 1})
        EXPECT_EQ(decide(endless, {.attempt = attempt, .code = status::unavailable}), 5s) << attempt;
    const exponential_backoff from_zero{.max_attempts = 10'000, .initial_delay = 0ms};
    EXPECT_EQ(decide(from_zero, {.attempt = 9'000, .code = status::unavailable}), 0ms);
}

TEST(exponential_backoff, full_jitter_draws_from_zero_to_the_pause) {
    const exponential_backoff policy{.max_attempts = 100, .full_jitter = true};
    for (const auto& [attempt, longest] : {std::pair{1u, 100ms}, {2u, 200ms}, {3u, 400ms}, {50u, 5'000ms}}) {
        auto shortest_drawn = std::chrono::milliseconds::max();
        auto longest_drawn = 0ms;
        std::chrono::milliseconds sum{0};
        constexpr int draws = 2'000;
        for (int seed = 0; seed < draws; ++seed) {
            const auto pause =
                decide(policy, {.attempt = attempt, .code = status::unavailable}, static_cast<std::uint64_t>(seed));
            ASSERT_TRUE(pause);
            EXPECT_GE(*pause, 0ms);
            EXPECT_LT(*pause, longest);
            shortest_drawn = std::min(shortest_drawn, *pause);
            longest_drawn = std::max(longest_drawn, *pause);
            sum += *pause;
        }
        // The seeds are fixed, so this holds or it does not; it is no matter of luck.
        EXPECT_LT(shortest_drawn, longest / 20);
        EXPECT_GT(longest_drawn, longest * 19 / 20);
        EXPECT_NEAR(static_cast<double>((sum / draws).count()), static_cast<double>(longest.count()) / 2,
                    static_cast<double>(longest.count()) / 20);
    }
}

TEST(exponential_backoff, jitter_repeats_itself_from_its_seed) {
    const exponential_backoff policy{.max_attempts = 20, .full_jitter = true};
    EXPECT_EQ(pauses(policy, 5), pauses(policy, 5));
    EXPECT_NE(pauses(policy, 5), pauses(policy, 6));
}

TEST(exponential_backoff, without_jitter_draws_nothing) {
    farcall::seeded_random used{3};
    farcall::seeded_random untouched{3};
    (void)exponential_backoff{}.retry({.code = status::unavailable}, used);
    EXPECT_EQ(used.next(), untouched.next());
}

TEST(exponential_backoff, obeys_the_server_that_asks_for_more_time_and_not_for_less) {
    EXPECT_EQ(decide({}, {.code = status::unavailable, .retry_after = 30s}), 30s) << "beyond max_delay, too";
    EXPECT_EQ(decide({}, {.code = status::unavailable, .retry_after = 10ms}), 100ms);
    EXPECT_EQ(decide({.full_jitter = true}, {.code = status::unavailable, .retry_after = 30s}), 30s);
}

TEST(exponential_backoff, leaves_alone_what_is_not_transient) {
    for (const status code : {status::cancelled, status::unknown, status::invalid_argument, status::not_found,
                              status::permission_denied, status::aborted, status::unimplemented, status::internal})
        EXPECT_EQ(decide({}, {.code = code, .executed = executed::no}), std::nullopt) << to_string(code);
    EXPECT_EQ(decide({}, {.code = status::resource_exhausted, .executed = executed::yes}), std::nullopt);
    EXPECT_EQ(decide({}, {.code = status::resource_exhausted, .executed = executed::no}), 100ms);
    EXPECT_EQ(decide({}, {.code = status::deadline_exceeded, .executed = executed::unknown}), 100ms);
}

TEST(exponential_backoff, says_how_long_an_attempt_may_take) {
    EXPECT_EQ(exponential_backoff{}.attempt_timeout(), 0ms);
    EXPECT_EQ((exponential_backoff{.per_attempt = 300ms}.attempt_timeout()), 300ms);
    EXPECT_FALSE(exponential_backoff::repeats_unsafe);
}
