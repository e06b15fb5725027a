#pragma once

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <farcall/client/io_driver.hpp>
#include <farcall/transport/asio_memory.hpp>
#include <farcall/transport/recent_time.hpp>

namespace farcall::detail {

/// The turn of the inbox in a loop of our own; there is one at a time, for the first task asks for it.
class io_driver::inbox_work final : public loop_work {
public:
    inbox_work() noexcept : loop_work(&end_it) {}

    /// @param driver  is kept until then
    void ask(thread_loop& events, std::shared_ptr<io_driver> driver) {
        kept_ = std::move(driver);
        events.enqueue(*this);
    }

private:
    static void end_it(loop_work& self, bool to_run) {
        const auto driver = std::exchange(static_cast<inbox_work&>(self).kept_, nullptr);
        if (to_run)
            driver->drain_inbox();
        else
            driver->abandon_inbox();
    }

    std::shared_ptr<io_driver> kept_;
};

struct io_driver::loop {
    inbox_work inbox;
    thread_loop events;
};

/// One turn of the user's executor for the inbox; destroyed without a turn, it tells those who wait in it.
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
    : busy_poll_(busy_poll), loop_(std::make_unique<loop>()), executor_(loop_->events.get_executor()) {}

FARCALL_DECL io_driver::io_driver(const boost::asio::any_io_executor& users)
    : executor_(strand_of(users)),
      loop_strand_(executor_.target<loop_strand>()),
      strand_(executor_.target<strand>()),
      users_loop_(thread_loop::of(executor_)) {}

FARCALL_DECL boost::asio::any_io_executor io_driver::strand_of(const boost::asio::any_io_executor& users) {
    if (const auto* const known = users.target<boost::asio::io_context::executor_type>()) return loop_strand{*known};
    if (thread_loop::of(users) != nullptr) return users;
    return strand{users};
}

FARCALL_DECL bool io_driver::on_strand() const noexcept {
    if (users_loop_ != nullptr) return users_loop_->in_thread();
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
        loop_->events.interrupt();
        // The background thread shares this object and finishes what is left when it sees `stopping_`.
        if (thread_.get_id() == std::this_thread::get_id()) {
            ends_alone_ = true;
            thread_.detach();
        } else {
            thread_.join();
        }
    }
    if (inside) return last();
    loop_->events.enter();
    last();
    loop_->events.run_out(last_words);
    loop_->events.leave();
}

FARCALL_DECL bool io_driver::on_io_thread() const noexcept {
    if (loop_) return loop_->events.in_thread();
    if (on_strand()) return true;
    return loop_strand_ != nullptr && loop_strand_->get_inner_executor().running_in_this_thread();
}

FARCALL_DECL void io_driver::push(task& work, std::unique_lock<std::mutex>& lock) {
    work.queued_ = true;
    inbox_.push_back(&work);
    const bool first = inbox_.size() == 1;
    if (!first) return;  // a drain is on its way already
    lock.unlock();
    if (loop_)
        loop_->inbox.ask(loop_->events, shared_from_this());
    else
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
    ensure_background();
    push(work, lock);
}

FARCALL_DECL bool io_driver::run(task& work, waiter& who, std::chrono::steady_clock::time_point latest) {
    if (loop_) {
        auto nobody = driver::none;
        if (driver_.compare_exchange_strong(nobody, driver::alone, std::memory_order_acquire)) {
            lead(work, who);
            return true;
        }
    }
    std::unique_lock lock(mutex_);
    if (loop_ && driver_.exchange(driver::watched, std::memory_order_acq_rel) == driver::none) {
        lock.unlock();
        lead(work, who);
        return true;
    }
    who.mutex_ = &mutex_;
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
    lock.unlock();
    loop_->events.enter();
    drive(who);
    return true;
}

/// With the loop, which nobody had.
FARCALL_DECL void io_driver::lead(task& work, waiter& who) {
    loop_->events.enter();
    if (recent_time() - left_at_ > stale) loop_->events.poll();
    who.driving_ = true;
    work.run();
    drive(who);
}

FARCALL_DECL void io_driver::drive(waiter& who) {
    who.driving_ = true;
    while (!who.done_) loop_->events.turn(busy_poll_);
    hand_over();
}

FARCALL_DECL void io_driver::hand_over() {
    loop_->events.leave();
    left_at_ = recent_time();
    auto me = driver::alone;
    if (driver_.compare_exchange_strong(me, driver::none, std::memory_order_release, std::memory_order_relaxed)) return;
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
    driver_.store(driver::none, std::memory_order_release);
}

FARCALL_DECL void io_driver::keep_driven() {
    const std::lock_guard lock(mutex_);
    ensure_background();
}

/// Under the lock.
FARCALL_DECL void io_driver::ensure_background() {
    if (!loop_ || background_started_) return;
    thread_ = std::thread([self = shared_from_this()] { self->background(); });  // waits for the lock that is held
    background_started_ = true;
    background_waits_ = driver_.exchange(driver::watched, std::memory_order_acq_rel) != driver::none;
}

FARCALL_DECL void io_driver::background() {
    {
        std::unique_lock lock(mutex_);
        background_wake_.wait(lock, [&] { return !background_waits_ || stopping_; });
        if (background_waits_) return;  // stopped before it ever got the loop
    }
    with_asio_memory([&] {
        loop_->events.enter();
        while (!stopping_.load(std::memory_order_acquire)) loop_->events.turn(busy_poll_);
        // Otherwise whoever waits for this thread ends the connection, and then what follows from that.
        if (ends_alone_) loop_->events.run_out(last_words);
        loop_->events.leave();
    });
}

}  // namespace farcall::detail
