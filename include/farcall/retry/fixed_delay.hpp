#pragma once

#include <algorithm>

#include <farcall/retry/retry_policy.hpp>

namespace farcall {

/// The same pause before every further attempt.
struct fixed_delay {
    /// What may have run is repeated only where that is safe.
    static constexpr bool repeats_unsafe = false;

    /// Attempts in all, the first included. 0 and 1: no retry.
    unsigned max_attempts = 3;
    /// Pause between two attempts. Zero: at once.
    std::chrono::milliseconds delay{100};
    /// How long one attempt may take. Zero: as long as the call.
    std::chrono::milliseconds per_attempt{0};

    /// The pause before another attempt; nothing to give up.
    std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source&) const {
        if (failed.attempt >= max_attempts || !transient(failed)) return {};
        return std::max(delay, failed.retry_after);
    }
    /// How long one attempt may take; zero: as long as the call.
    std::chrono::milliseconds attempt_timeout() const { return per_attempt; }
};

static_assert(retry_policy<fixed_delay>);

}  // namespace farcall
