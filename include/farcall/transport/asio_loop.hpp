#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <farcall/detail/chrono.hpp>
#include <farcall/transport/busy_poll.hpp>
#include <farcall/transport/loop_work.hpp>

namespace farcall::detail {

/// The event loop of a thread of our own where there is no epoll: Asio's, with the functions of `event_loop`.
///
/// @par Thread safety  As that of `event_loop`.
class asio_loop {
public:
    using executor_type = boost::asio::io_context::executor_type;

    executor_type get_executor() noexcept { return context_.get_executor(); }
    /// None: its executors are Asio's own.
    static asio_loop* of(const boost::asio::any_io_executor&) noexcept { return nullptr; }

    void enter() noexcept { driver_.store(std::this_thread::get_id(), std::memory_order_relaxed); }
    void leave() noexcept { driver_.store(std::thread::id{}, std::memory_order_relaxed); }
    bool in_thread() const noexcept { return driver_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

    void turn(std::chrono::microseconds look = {}) { run_one(context_, look); }
    void poll() { context_.poll(); }
    void run(std::chrono::microseconds look = {}) {
        struct driving {
            explicit driving(asio_loop& which) noexcept : loop(which) { loop.enter(); }
            ~driving() { loop.leave(); }
            asio_loop& loop;
        } const here{*this};
        if (look.count() <= 0) context_.run();
        while (!context_.stopped()) turn(look);
    }
    void run_out(std::chrono::milliseconds longest) {
        work_.reset();
        context_.restart();
        context_.run_for(longest);
    }
    void stop() { context_.stop(); }
    void interrupt() {
        boost::asio::post(context_, [] {});
    }
    void enqueue(loop_work& work) { boost::asio::post(context_, turn_of{work}); }

private:
    /// Ends the work when it is run, or destroyed.
    struct turn_of {
        explicit turn_of(loop_work& what) noexcept : work(&what) {}
        turn_of(turn_of&& other) noexcept : work(std::exchange(other.work, nullptr)) {}
        ~turn_of() {
            if (work != nullptr) work->end(false);
        }
        void operator()() { std::exchange(work, nullptr)->end(true); }
        loop_work* work;
    };

    // Whoever has the loop has the sockets and timers, too: they need no locks of their own.
    boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    boost::asio::executor_work_guard<executor_type> work_{context_.get_executor()};
    std::atomic<std::thread::id> driver_{};
};

}  // namespace farcall::detail
