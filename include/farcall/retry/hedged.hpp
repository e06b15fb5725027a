#pragma once

#include <algorithm>

#include <farcall/retry/retry_policy.hpp>

namespace farcall {

/// A further attempt whenever the ones before take longer than usual, and the first answer wins: for servers of which a
/// few answers are slow for no reason of the call's own.
///
/// Only methods declared `readonly` are hedged, for several attempts run at the same time. Calls of `exactly_once`
/// methods are made as without a policy; those of any other method have one attempt. When an attempt fails in a way that
/// another can mend, the next begins at once. The attempts that have lost are cancelled. Further attempts spend the
/// client's `retry_budget`: where that is empty, no more begin.
/// @see Dean, Barroso: The Tail at Scale (CACM 2013); gRFC A6 (hedging)
struct hedged {
    /// What may have run is repeated only where that is safe.
    static constexpr bool repeats_unsafe = false;

    /// Attempts in all, the first included. 0 and 1: no hedging.
    unsigned max_attempts = 2;
    /// Without an answer for so long the next attempt begins; best what 95 % of the answers need. Zero: all at once.
    std::chrono::milliseconds delay{50};
    /// How long one attempt may take. Zero: as long as the call.
    std::chrono::milliseconds per_attempt{0};

    /// The pause before another attempt; nothing to give up.
    std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source&) const {
        if (failed.attempt >= max_attempts || !transient(failed)) return {};
        return std::max(std::chrono::milliseconds{0}, failed.retry_after);
    }
    /// How long one attempt may take; zero: as long as the call.
    std::chrono::milliseconds attempt_timeout() const { return per_attempt; }
    /// How long an attempt is waited for before the next one begins beside it.
    std::chrono::milliseconds hedge_delay() const { return std::max(delay, std::chrono::milliseconds{0}); }
};

static_assert(retry_policy<hedged>);

}  // namespace farcall
