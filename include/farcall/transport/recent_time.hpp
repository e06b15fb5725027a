#pragma once

#include <ctime>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>

namespace farcall::detail {

/// By how much `recent_time` may be late: the longest tick that systems have, and half as much again.
inline constexpr std::chrono::milliseconds recent_time_lag{15};

/// The time of `std::chrono::steady_clock` as of the system's last tick: a fifth of the cost, for no counter of the
/// processor is read.
inline time_point recent_time() noexcept {
#if defined(CLOCK_MONOTONIC_COARSE)
    timespec read{};
    if (::clock_gettime(CLOCK_MONOTONIC_COARSE, &read) == 0)
        return time_point{std::chrono::seconds{read.tv_sec} + std::chrono::nanoseconds{read.tv_nsec}};
#endif
    return std::chrono::steady_clock::now();
}

}  // namespace farcall::detail
