#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace integration {

/// Where handlers of a test wait until the test lets them go on, and where the test waits for the handlers: what a
/// sleep would only guess.
class gate {
public:
    /// For coroutines.
    boost::asio::awaitable<void> wait() {
        auto timer = std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor,
                                                                 boost::asio::steady_timer::time_point::max());
        const bool already_open = arrive(timer);
        if (already_open) co_return;
        co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    /// For threads.
    void wait_blocking() {
        arrive(nullptr);
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return open_; });
    }

    /// Lets everybody go on, those that come later, too.
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
        for (const auto& weak : timers_)
            if (const auto timer = weak.lock()) boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
        timers_.clear();
    }

    /// Returns when so many handlers have come, or after a long time with false.
    bool await(std::size_t arrivals) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return arrived_ >= arrivals; });
    }

    std::size_t arrived() {
        const std::lock_guard lock(mutex_);
        return arrived_;
    }

private:
    bool arrive(const std::shared_ptr<boost::asio::steady_timer>& timer) {
        const std::lock_guard lock(mutex_);
        ++arrived_;
        changed_.notify_all();
        // Weak, for the coroutine and its timer may end with their event loop.
        if (timer && !open_) timers_.push_back(timer);
        return open_;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::weak_ptr<boost::asio::steady_timer>> timers_;
    std::size_t arrived_ = 0;
    bool open_ = false;
};

}  // namespace integration
