#pragma once

#include <algorithm>
#include <cstdint>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// A pause that grows from step to step, in milliseconds.
///
/// @param multiplier  below 1 counts as 1
/// @param step        0 for the first pause
FARCALL_DECL double backoff(std::chrono::milliseconds initial, double multiplier, double step,
                            std::chrono::milliseconds longest);

/// The same as a duration.
inline std::chrono::milliseconds to_pause(double milliseconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::max(0.0, milliseconds))};
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/detail/impl/backoff.ipp>
#endif
