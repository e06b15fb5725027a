#pragma once

#include <farcall/detail/chrono.hpp>

namespace farcall {

/// A point on the monotonic clock that all deadlines are measured by.
using time_point = std::chrono::steady_clock::time_point;

/// No deadline.
inline constexpr time_point never = time_point::max();

/// What tells the time; `time_source` has alarms, too.
///
/// @par Thread safety  Safe.
class clock_source {
public:
    virtual ~clock_source() = default;
    /// The present time; never earlier than what it was before.
    virtual time_point now() const = 0;
    /// What a calendar says now, for texts that people and other programs read; it may jump.
    virtual std::chrono::system_clock::time_point wall() const { return std::chrono::system_clock::now(); }
};

/// The clocks of the system.
class system_clocks final : public clock_source {
public:
    time_point now() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace farcall
