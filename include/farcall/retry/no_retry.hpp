#pragma once

#include <farcall/retry/retry_policy.hpp>

namespace farcall {

/// One attempt: what fails, fails. The policy of `Name::proxy`.
struct no_retry {
    /// What may have run is repeated only where that is safe.
    static constexpr bool repeats_unsafe = false;

    /// The pause before another attempt; nothing to give up.
    std::optional<std::chrono::milliseconds> retry(const failed_attempt&, random_source&) const { return {}; }
    /// How long one attempt may take; zero: as long as the call.
    std::chrono::milliseconds attempt_timeout() const { return std::chrono::milliseconds{0}; }
};

static_assert(retry_policy<no_retry>);

}  // namespace farcall
