#pragma once

#include <algorithm>
#include <cmath>

#include <farcall/retry/retry_policy.hpp>

namespace farcall {

/// Pauses that grow by a factor: 100 ms, 200 ms, 400 ms ... as they stand, or with jitter.
///
/// With `full_jitter` a pause is anything from zero to that, so that many clients that failed together do not come
/// back together.
/// @see Brooker: Exponential Backoff And Jitter (AWS Architecture Blog, 2015)
struct exponential_backoff {
    /// What may have run is repeated only where that is safe.
    static constexpr bool repeats_unsafe = false;

    /// Attempts in all, the first included. 0 and 1: no retry.
    unsigned max_attempts = 3;
    /// Pause before the second attempt.
    std::chrono::milliseconds initial_delay{100};
    /// What each pause is multiplied by for the next one; below 1 counts as 1.
    double multiplier = 2;
    /// No pause is longer, whatever the factor says.
    std::chrono::milliseconds max_delay{5'000};
    /// Draws each pause uniformly from zero to its length.
    bool full_jitter = false;
    /// How long one attempt may take. Zero: as long as the call.
    std::chrono::milliseconds per_attempt{0};

    /// The pause before another attempt; nothing to give up.
    std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source& random) const {
        if (failed.attempt >= max_attempts || !transient(failed)) return {};
        return std::max(pause(failed.attempt, random), failed.retry_after);
    }
    /// How long one attempt may take; zero: as long as the call.
    std::chrono::milliseconds attempt_timeout() const { return per_attempt; }

private:
    std::chrono::milliseconds pause(unsigned attempt, random_source& random) const {
        // In floating point, where a large power is a large number and no overflow; but zero times infinity is no number.
        constexpr double largest = 1e15;
        const double factor = std::min(largest, std::pow(std::max(1.0, multiplier), static_cast<double>(attempt) - 1));
        const double grown = static_cast<double>(initial_delay.count()) * factor;
        const double bounded = std::min(grown, static_cast<double>(max_delay.count()));
        return std::chrono::milliseconds{static_cast<std::int64_t>(full_jitter ? bounded * uniform(random) : bounded)};
    }
};

static_assert(retry_policy<exponential_backoff>);

}  // namespace farcall
