#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace farcall::detail {

/// Where a coroutine sleeps until anybody wakes it, on any thread.
///
/// Lives in the frame of that coroutine. The sleep is an operation of its executor's: when that is destroyed, so is
/// the coroutine, and who would have woken it finds nobody.
/// @par Thread safety  Unsafe, but for `handle`: used on its executor only.
class wakeable {
    /// Guards the timer against its end, and its executor's, while somebody posts there.
    struct link {
        std::mutex mutex{};
        boost::asio::steady_timer* timer = nullptr;  ///< null: it is gone
    };

public:
    /// Wakes it, from anywhere. @par Thread safety  Safe.
    class handle {
    public:
        /// Without effect if it is gone; before it sleeps, it will not sleep.
        void wake() const {
            const std::lock_guard lock(link_->mutex);
            if (link_->timer == nullptr) return;
            boost::asio::post(link_->timer->get_executor(), [link = link_] {
                const std::lock_guard there(link->mutex);
                if (link->timer != nullptr) link->timer->expires_at(boost::asio::steady_timer::time_point::min());
            });
        }

    private:
        friend wakeable;
        explicit handle(std::shared_ptr<wakeable::link> link) noexcept : link_(std::move(link)) {}

        std::shared_ptr<wakeable::link> link_;
    };

    explicit wakeable(const boost::asio::any_io_executor& executor)
        : timer_(executor, boost::asio::steady_timer::time_point::max()), link_(std::make_shared<link>()) {
        link_->timer = &timer_;
    }
    wakeable(const wakeable&) = delete;
    wakeable& operator=(const wakeable&) = delete;
    ~wakeable() {
        const std::lock_guard lock(link_->mutex);
        link_->timer = nullptr;
    }

    handle to_wake() const noexcept { return handle{link_}; }

    /// Until it is woken, or cancelled.
    boost::asio::awaitable<void> sleep() {
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<link> link_;
};

}  // namespace farcall::detail
