#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>

namespace farcall {

/// One alarm that can be set again and again. Used on its executor only.
class timer {
public:
    virtual ~timer() = default;

    /// Calls `function` once, on the executor, not before `when`; replaces an earlier setting.
    virtual void set(time_point when, std::function<void()> function) = 0;

    /// Afterwards the function that was set is not called any more.
    virtual void cancel() noexcept = 0;
};

/// The clock and its alarms: a seam, so that hours pass in a simulation without a wait.
///
/// To write your own: derive; `now` never runs backwards; alarms come in the order of their times.
/// @par Thread safety  Safe.
class time_source : public clock_source {
public:
    /// A time not after `now`, some milliseconds before it at most: for what is asked for every message, where looking at
    /// a fine clock would cost more than the rest. Override it if there is a cheaper way.
    virtual time_point recent() const { return now(); }
    /// An alarm whose functions run on `executor`.
    virtual std::unique_ptr<timer> make_timer(boost::asio::any_io_executor executor) = 0;
};

namespace detail {

/// @{ The present time, to set or to judge a deadline: a cheap look where the deadline is so far away that some
/// milliseconds are nothing.
inline constexpr std::chrono::seconds far_away{1};

inline time_point time_for(const time_source& time, std::chrono::milliseconds timeout) {
    return timeout >= far_away ? time.recent() : time.now();
}
inline time_point time_for(const time_source& time, time_point deadline) {
    const time_point nearly = time.recent();
    return deadline - nearly >= far_away ? nearly : time.now();
}
/// @}

}  // namespace detail

/// `std::chrono::steady_clock` and Asio's timers.
FARCALL_DECL std::shared_ptr<time_source> system_time();

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/time_source.ipp>
#endif
