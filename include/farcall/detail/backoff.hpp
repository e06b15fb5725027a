#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace farcall::detail {

/// A pause that grows from step to step, in milliseconds.
///
/// @param multiplier  below 1 counts as 1
/// @param step        0 for the first pause
inline double backoff(std::chrono::milliseconds initial, double multiplier, double step,
                      std::chrono::milliseconds longest) {
    // In floating point, where a large power is a large number and no overflow; but zero times infinity is no number.
    constexpr double largest = 1e12;
    const double factor = std::min(largest, std::pow(std::max(1.0, multiplier), step));
    return std::min({static_cast<double>(initial.count()) * factor, static_cast<double>(longest.count()), largest});
}

/// The same as a duration.
inline std::chrono::milliseconds to_pause(double milliseconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::max(0.0, milliseconds))};
}

}  // namespace farcall::detail
