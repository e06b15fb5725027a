#pragma once

#include <algorithm>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <farcall/client/io_driver.hpp>
#include <farcall/transport/busy_poll.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

struct io_driver::loop {
    // Whoever has the loop has the sockets and timers, too: they need no locks of their own.
    boost::asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
};

/// One turn of the executor for the inbox; destroyed without a turn, it tells those who wait in it.
struct io_driver::inbox_turn {
    explicit inbox_turn(std::shared_ptr<io_driver> whose) : driver(std::move(whose)) {}
    inbox_turn(inbox_turn&&) noexcept = default;
    ~inbox_turn() {
        if (driver) driver->abandon_inbox();
    }
    void operator()() { std::exchange(driver, nullptr)->drain_inbox(); }

    std::shared_ptr<io_driver> driver;
};

FARCALL_DECL void io_driver::waiter::finish() noexcept {
    if (driving_) {
        done_ = true;
        return;
    }
    // Notifying under the lock: once it is released, the waiter's thread may destroy the waiter.
    const std::lock_guard lock(*mutex_);
    done_ = true;
    wake_.notify_one();
}

FARCALL_DECL io_driver::io_driver(std::chrono::microseconds busy_poll)
    : busy_poll_(busy_poll), loop_(std::make_unique<loop>()), executor_(loop_->context.get_executor()) {}

FARCALL_DECL io_driver::io_driver(const boost::asio::any_io_executor& users)
    : executor_(strand_of(users)),
      loop_strand_(executor_.target<loop_strand>()),
      strand_(executor_.target<strand>()),
      driven_(true) {}

FARCALL_DECL boost::asio::any_io_executor io_driver::strand_of(const boost::asio::any_io_executor& users) {
    if (const auto* const known = users.target<boost::asio::io_context::executor_type>()) return loop_strand{*known};
    return strand{users};
}

FARCALL_DECL bool io_driver::on_strand() const noexcept {
    return loop_strand_ != nullptr ? loop_strand_->running_in_this_thread() : strand_->running_in_this_thread();
}

FARCALL_DECL io_driver::~io_driver() = default;

FARCALL_DECL void io_driver::shut_down(std::function<void()> last) {
    if (!loop_) return boost::asio::post(executor_, [self = shared_from_this(), last = std::move(last)] { last(); });
    const bool inside = on_io_thread();
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    if (thread_.joinable()) {
        background_wake_.notify_one();
        boost::asio::post(loop_->context, [] {});
        // The background thread shares this object and finishes what is left when it sees `stopping_`.
        if (thread_.get_id() == std::this_thread::get_id()) {
            ends_alone_ = true;
            thread_.detach();
        } else {
            thread_.join();
        }
    }
    const auto before = driver_.exchange(std::this_thread::get_id(), std::memory_order_relaxed);
    last();
    if (!inside) {
        loop_->work.reset();
        loop_->context.restart();
        loop_->context.run_for(last_words);
    }
    driver_.store(before, std::memory_order_relaxed);
}

FARCALL_DECL bool io_driver::on_io_thread() const noexcept {
    if (loop_) return driver_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    if (on_strand()) return true;
    return loop_strand_ != nullptr && loop_strand_->get_inner_executor().running_in_this_thread();
}

FARCALL_DECL void io_driver::push(task& work, std::unique_lock<std::mutex>& lock) {
    work.queued_ = true;
    inbox_.push_back(&work);
    const bool first = inbox_.size() == 1;
    if (!first) return;  // a drain is on its way already
    lock.unlock();
    boost::asio::post(executor_, inbox_turn{shared_from_this()});
    lock.lock();
}

FARCALL_DECL void io_driver::drain_inbox() {
    {
        const std::lock_guard lock(mutex_);
        running_.swap(inbox_);
    }
    for (task* work : running_) work->run();
    running_.clear();
}

FARCALL_DECL void io_driver::abandon_inbox() {
    std::vector<task*> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(inbox_);
    }
    for (task* work : left) work->abandon();
}

FARCALL_DECL void io_driver::submit(task& work) {
    if (loop_ ? on_io_thread() : on_strand()) return work.run();
    // As soon as the call is in the inbox, another thread may end it, and with it the last proxy.
    const auto self = shared_from_this();
    std::unique_lock lock(mutex_);
    ensure_background(lock);
    push(work, lock);
}

FARCALL_DECL bool io_driver::run(task& work, waiter& who, std::chrono::steady_clock::time_point latest) {
    std::unique_lock lock(mutex_);
    who.mutex_ = &mutex_;
    if (!driven_) {
        driven_ = true;
        const bool look_first = system_time()->recent() - left_at_ > stale;
        lock.unlock();
        who.driving_ = true;
        driver_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        if (look_first) loop_->context.poll();
        work.run();
        drive(who);
        return true;
    }
    waiting_.push_back(&who);
    push(work, lock);
    const auto over = [&] { return who.done_ || who.leads_; };
    // Work that the loop has taken ends by itself; only what nobody has taken can be taken back.
    if (!loop_ && !who.wake_.wait_until(lock, latest, over) && std::erase(inbox_, &work) != 0) {
        std::erase(waiting_, &who);
        return false;
    }
    who.wake_.wait(lock, over);
    std::erase(waiting_, &who);
    if (!who.leads_) return true;
    if (who.done_) {
        // Chosen to drive in the same moment in which the call ended: pass it on.
        lock.unlock();
        hand_over();
        return true;
    }
    who.driving_ = true;
    driver_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    lock.unlock();
    drive(who);
    return true;
}

FARCALL_DECL void io_driver::drive(waiter& who) {
    while (!who.done_) run_one(loop_->context, busy_poll_);
    hand_over();
}

FARCALL_DECL void io_driver::hand_over() {
    driver_.store(std::thread::id{}, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    if (background_waits_) {
        background_waits_ = false;
        background_wake_.notify_one();
        return;
    }
    for (waiter* next : waiting_) {
        if (next->done_) continue;
        next->leads_ = true;
        next->wake_.notify_one();
        return;
    }
    driven_ = false;
    left_at_ = system_time()->recent();
}

FARCALL_DECL void io_driver::keep_driven() {
    std::unique_lock lock(mutex_);
    ensure_background(lock);
}

FARCALL_DECL void io_driver::ensure_background(std::unique_lock<std::mutex>&) {
    if (!loop_ || background_started_) return;
    thread_ = std::thread([self = shared_from_this()] { self->background(); });  // waits for the lock that is held
    background_started_ = true;
    if (driven_)
        background_waits_ = true;
    else
        driven_ = true;
}

FARCALL_DECL void io_driver::background() {
    {
        std::unique_lock lock(mutex_);
        background_wake_.wait(lock, [&] { return !background_waits_ || stopping_; });
        if (background_waits_) return;  // stopped before it ever got the loop
    }
    driver_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    for (;;) {
        run_one(loop_->context, busy_poll_);
        const std::lock_guard lock(mutex_);
        if (stopping_) break;
    }
    // Otherwise whoever waits for this thread ends the connection, and then what follows from that.
    if (ends_alone_) {
        loop_->work.reset();
        loop_->context.run_for(last_words);
    }
    driver_.store(std::thread::id{}, std::memory_order_relaxed);
}

}  // namespace farcall::detail
