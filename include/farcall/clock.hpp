#pragma once

#include <chrono>

namespace farcall {

/// A point on the monotonic clock that all deadlines are measured by.
using time_point = std::chrono::steady_clock::time_point;

/// No deadline.
inline constexpr time_point never = time_point::max();

}  // namespace farcall
