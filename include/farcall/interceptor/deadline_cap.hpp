#pragma once

#include <algorithm>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/error.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/intercepted_call.hpp>

namespace farcall {

/// An interceptor that lets no call take longer than a given time, whatever its caller asks for, and gives a deadline to
/// those that come without one. For clients and servers.
///
/// The handler sees the earlier deadline in its context and hands it on to the calls that it makes; a call that outlasts
/// it ends with `deadline_exceeded`.
/// @par Thread safety  Safe.
class deadline_cap {
public:
    /// @param most  from when the call comes to the first interceptor; above zero
    /// @par Errors  `farcall::error`, `invalid_argument`: `most` is not above zero
    explicit deadline_cap(std::chrono::milliseconds most) : most_(most) {
        if (most <= std::chrono::milliseconds{0})
            throw error{status::invalid_argument, "deadline_cap: a call needs some time; give a limit above zero"};
        // Longer is for ever, and no sum overflows.
        most_ = std::min<std::chrono::milliseconds>(most_, std::chrono::hours{24 * 365});
    }

    /// @see farcall::intercepting
    void before(intercepted_call& call) const { call.deadline = std::min(call.deadline, call.began() + most_); }

private:
    std::chrono::milliseconds most_;
};

}  // namespace farcall
