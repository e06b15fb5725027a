#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/session/deadline_queue.hpp>
#include <farcall/transport/alarm.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// Stops the deferred calls of one I/O thread when their deadlines pass: one queue and one timer for all of them.
///
/// @par Thread safety  Unsafe: lives on its executor.
class deadline_watch : public std::enable_shared_from_this<deadline_watch> {
public:
    deadline_watch(std::shared_ptr<time_source> time, const boost::asio::any_io_executor& executor)
        : time_(std::move(time)), alarm_(*time_, executor) {}

    /// @param call  a `deferred_call`, which stays until it is removed or stopped
    void add(deadline_entry& call) {
        queue_.add(call);
        set(call.deadline);
    }
    void remove(deadline_entry& call) { queue_.remove(call); }

    /// Sets no alarm any more until another call is added. The calls stay.
    void rest() noexcept { alarm_.cancel(); }

private:
    FARCALL_DECL void set(time_point when);
    FARCALL_DECL void on_alarm();

    std::shared_ptr<time_source> time_;
    deadline_queue queue_;
    alarm alarm_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/deadline_watch.ipp>
#endif
