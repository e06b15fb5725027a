#pragma once

#include <memory>

#include <farcall/clock.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// One timer for many deadlines, set for the earliest of them.
///
/// Most calls end long before their deadlines, so an alarm that comes too early is no loss: it is set again, once, where
/// one for each call would cost a system call for each.
/// @par Thread safety  Unsafe: used on its executor only.
class alarm {
public:
    alarm(time_source& time, const boost::asio::any_io_executor& executor) : timer_(time.make_timer(executor)) {}

    /// Unless it is set for an earlier time already, calls a function once, not before `when`; that says `came` first.
    /// @param make  gives the function; called only if it is wanted, for that is seldom
    template <class Make>
    void set(time_point when, Make make) {
        if (when >= at_) return;
        at_ = when;
        timer_->set(when, make());
    }

    /// It has come, and is not set any more.
    void came() noexcept { at_ = never; }

    void cancel() noexcept {
        timer_->cancel();
        at_ = never;
    }

private:
    std::unique_ptr<timer> timer_;
    time_point at_ = never;
};

}  // namespace farcall::detail
