#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <optional>
#include <vector>

#include <farcall/random.hpp>
#include <farcall/retry/retry_policy.hpp>

/// What every retry policy promises (retry/retry_policy.hpp), whatever it decides. Run it on your own:
///
///     INSTANTIATE_TYPED_TEST_SUITE_P(mine, retry_suite, my_policy);
///
/// `my_policy{}` is what is tested.
template <class Policy>
class retry_suite : public ::testing::Test {
protected:
    using pause = std::optional<std::chrono::milliseconds>;

    static constexpr farcall::status all_statuses[] = {
        farcall::status::cancelled, farcall::status::unknown, farcall::status::invalid_argument,
        farcall::status::deadline_exceeded, farcall::status::not_found, farcall::status::already_exists,
        farcall::status::permission_denied, farcall::status::resource_exhausted, farcall::status::failed_precondition,
        farcall::status::aborted, farcall::status::out_of_range, farcall::status::unimplemented,
        farcall::status::internal, farcall::status::unavailable, farcall::status::data_loss,
        farcall::status::unauthenticated};

    static constexpr farcall::executed all_executed[] = {farcall::executed::no, farcall::executed::yes,
                                                         farcall::executed::unknown};

    /// Every way in which attempt number `attempt` can fail.
    static std::vector<farcall::failed_attempt> failures(unsigned attempt,
                                                         std::chrono::milliseconds retry_after = {}) {
        std::vector<farcall::failed_attempt> made;
        for (const farcall::status code : all_statuses)
            for (const farcall::executed executed : all_executed)
                made.push_back({.attempt = attempt, .code = code, .executed = executed, .retry_after = retry_after});
        return made;
    }

    static pause decide(const Policy& policy, const farcall::failed_attempt& failed, std::uint64_t seed = 1) {
        farcall::seeded_random random{seed};
        return policy.retry(failed, random);
    }
};

TYPED_TEST_SUITE_P(retry_suite);

TYPED_TEST_P(retry_suite, is_a_policy) {
    static_assert(farcall::retry_policy<TypeParam>);
    static_assert(noexcept(bool{TypeParam::repeats_unsafe}), "repeats_unsafe is a constant");
    constexpr bool known_at_compile_time = TypeParam::repeats_unsafe;
    SUCCEED() << known_at_compile_time;
}

TYPED_TEST_P(retry_suite, gives_up_after_a_finite_number_of_attempts) {
    const TypeParam policy{};
    constexpr unsigned enough = 10'000;
    for (const farcall::failed_attempt& first : this->failures(1)) {
        farcall::failed_attempt failed = first;
        while (failed.attempt < enough && this->decide(policy, failed)) ++failed.attempt;
        EXPECT_LT(failed.attempt, enough) << to_string(failed.code);
    }
}

TYPED_TEST_P(retry_suite, having_given_up_does_not_begin_again) {
    const TypeParam policy{};
    for (const farcall::failed_attempt& first : this->failures(1)) {
        farcall::failed_attempt failed = first;
        while (failed.attempt < 10'000 && this->decide(policy, failed)) ++failed.attempt;
        for (const unsigned later : {failed.attempt + 1, failed.attempt + 7, std::numeric_limits<unsigned>::max()}) {
            failed.attempt = later;
            EXPECT_FALSE(this->decide(policy, failed)) << to_string(failed.code) << " attempt " << later;
        }
    }
}

TYPED_TEST_P(retry_suite, pauses_are_never_negative) {
    const TypeParam policy{};
    for (unsigned attempt = 1; attempt < 50; ++attempt)
        for (const farcall::failed_attempt& failed : this->failures(attempt))
            for (std::uint64_t seed = 0; seed < 5; ++seed) {
                const auto pause = this->decide(policy, failed, seed);
                EXPECT_GE(pause.value_or(std::chrono::milliseconds{0}).count(), 0);
            }
}

TYPED_TEST_P(retry_suite, an_attempt_timeout_is_never_negative) {
    EXPECT_GE(std::chrono::milliseconds{TypeParam{}.attempt_timeout()}.count(), 0);
}

TYPED_TEST_P(retry_suite, waits_at_least_as_long_as_the_server_asks) {
    using namespace std::chrono_literals;
    const TypeParam policy{};
    for (const std::chrono::milliseconds asked : {1ms, 250ms, 60'000ms})
        for (unsigned attempt = 1; attempt < 10; ++attempt)
            for (const farcall::failed_attempt& failed : this->failures(attempt, asked)) {
                const auto pause = this->decide(policy, failed);
                EXPECT_GE(pause.value_or(asked), asked) << to_string(failed.code);
            }
}

TYPED_TEST_P(retry_suite, depends_on_nothing_but_its_arguments_and_settings) {
    const TypeParam policy{};
    const TypeParam copy = policy;
    std::vector<std::optional<std::chrono::milliseconds>> first;
    for (unsigned attempt = 1; attempt < 10; ++attempt)
        for (const farcall::failed_attempt& failed : this->failures(attempt))
            first.push_back(this->decide(policy, failed, attempt));
    // The same questions to a copy, in the opposite order, and again to the original.
    std::size_t at = first.size();
    for (unsigned attempt = 9; attempt >= 1; --attempt) {
        const auto all = this->failures(attempt);
        for (auto failed = all.rbegin(); failed != all.rend(); ++failed) {
            --at;
            EXPECT_EQ(this->decide(copy, *failed, attempt), first[at]);
            EXPECT_EQ(this->decide(policy, *failed, attempt), first[at]);
        }
    }
    EXPECT_EQ(at, 0u);
}

REGISTER_TYPED_TEST_SUITE_P(retry_suite, is_a_policy, gives_up_after_a_finite_number_of_attempts,
                            having_given_up_does_not_begin_again, pauses_are_never_negative,
                            an_attempt_timeout_is_never_negative, waits_at_least_as_long_as_the_server_asks,
                            depends_on_nothing_but_its_arguments_and_settings);
