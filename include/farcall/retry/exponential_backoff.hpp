#pragma once

#include <algorithm>

#include <farcall/detail/backoff.hpp>
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
        const double grown = detail::backoff(initial_delay, multiplier, static_cast<double>(attempt) - 1, max_delay);
        return detail::to_pause(full_jitter ? grown * uniform(random) : grown);
    }
};

static_assert(retry_policy<exponential_backoff>);

}  // namespace farcall
