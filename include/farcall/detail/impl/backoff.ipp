#pragma once

#include <cmath>

#include <farcall/detail/backoff.hpp>

namespace farcall::detail {

FARCALL_DECL double backoff(std::chrono::milliseconds initial, double multiplier, double step,
                            std::chrono::milliseconds longest) {
    // In floating point, where a large power is a large number and no overflow; but zero times infinity is no number.
    constexpr double largest = 1e12;
    const double factor = std::min(largest, std::pow(std::max(1.0, multiplier), step));
    return std::min({static_cast<double>(initial.count()) * factor, static_cast<double>(longest.count()), largest});
}

}  // namespace farcall::detail
