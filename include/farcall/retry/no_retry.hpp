#pragma once

#include <farcall/retry/retry_policy.hpp>

namespace farcall {

/// One attempt: what fails, fails. The policy of `Name::proxy`.
struct no_retry {
    static constexpr bool repeats_unsafe = false;

    std::optional<std::chrono::milliseconds> retry(const failed_attempt&, random_source&) const { return {}; }
    std::chrono::milliseconds attempt_timeout() const { return std::chrono::milliseconds{0}; }
};

static_assert(retry_policy<no_retry>);

}  // namespace farcall
