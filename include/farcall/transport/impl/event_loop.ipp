#pragma once

#include <cerrno>
#include <ctime>

#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>

#include <farcall/transport/event_loop.hpp>
#include <farcall/transport/recent_time.hpp>

namespace farcall::detail {

FARCALL_DECL event_loop::event_loop()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    kept_.reserve(most_kept);
    // Each write to it is a change, so it need not be read.
    epoll_event told{};
    told.events = EPOLLIN | EPOLLET;
    if (epoll_ >= 0 && wake_ >= 0 && ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &told) == 0) return;
    const boost::system::error_code failure(errno, boost::system::system_category());
    if (epoll_ >= 0) ::close(epoll_);
    if (wake_ >= 0) ::close(wake_);
    throw boost::system::system_error(failure, "cannot make an event loop");
}

FARCALL_DECL event_loop::~event_loop() {
    // What waits here may own what waits in Asio's services, and the other way round.
    abandon_all();
    shutdown();
    abandon_all();
    destroy();
    for (void* const block : kept_) ::operator delete(block);
    while (visits_.load(std::memory_order_acquire) != 0) std::this_thread::yield();
    ::close(wake_);
    ::close(epoll_);
}

FARCALL_DECL void event_loop::abandon_all() noexcept {
    for (bool more = true; more;) {
        more = false;
        for (; watcher::link* const member = members_.front(); more = true) {
            member->owner.leave_loop();
            member->owner.abandon();
        }
        for (; !appointments_.empty(); more = true) {
            appointment& which = *appointments_.front().what;
            cancel(which);
            which.abandon();
        }
        take_from_elsewhere();
        for (; loop_work* const work = queue_.pop(); more = true) work->end(false);
    }
}

FARCALL_DECL void event_loop::poll() {
    keep_appointments();
    take_events({});
    work_off();
}

FARCALL_DECL void event_loop::run(std::chrono::microseconds look) {
    struct driving {
        explicit driving(event_loop& which) noexcept : loop(which) { loop.enter(); }
        ~driving() { loop.leave(); }
        event_loop& loop;
    } const here{*this};
    while (!stopped()) turn(look);
}

FARCALL_DECL void event_loop::run_out(std::chrono::milliseconds longest) {
    struct end final : appointment {
        explicit end(event_loop& which) : loop(which) {}
        ~end() { loop.cancel(*this); }
        void come() override { here = true; }
        void abandon() noexcept override {}
        event_loop& loop;
        bool here = false;
    } last{*this};
    const time_point until = std::chrono::steady_clock::now() + longest;
    for (;;) {
        work_off();
        if (idle() || stopped() || last.here) return;
        set(last, until);
        sleep();
        cancel(last);  // it is not what there is to wait for
    }
}

FARCALL_DECL void event_loop::stop() noexcept {
    const visit here{*this};
    stopped_.store(true, std::memory_order_release);
    interrupt();
}

FARCALL_DECL void event_loop::interrupt() noexcept {
    const visit here{*this};
    // One behind the other, so that who sees the last one sees what came before each.
    interrupted_.exchange(true);
    wake();
}

/// After whatever it is woken up for was made known: `sleep` says first that it sleeps, and looks for that then.
FARCALL_DECL void event_loop::wake() noexcept {
    if (!sleeping_.load() || !sleeping_.exchange(false)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

FARCALL_DECL void event_loop::enqueue(loop_work& work) noexcept {
    if (in_thread()) return queue_.push(work);
    const visit here{*this};
    work.next_ = from_elsewhere_.load(std::memory_order_relaxed);
    while (!from_elsewhere_.compare_exchange_weak(work.next_, &work)) {
    }
    wake();
}

FARCALL_DECL void event_loop::take_from_elsewhere() noexcept {
    if (from_elsewhere_.load(std::memory_order_relaxed) == nullptr) return;
    loop_work* latest = from_elsewhere_.exchange(nullptr, std::memory_order_acquire);
    loop_work* first = nullptr;
    while (latest != nullptr) {
        loop_work* const before = latest->next_;
        latest->next_ = first;
        first = latest;
        latest = before;
    }
    while (first != nullptr) {
        loop_work* const next = first->next_;
        queue_.push(*first);
        first = next;
    }
}

FARCALL_DECL void* event_loop::allocate(std::size_t size) {
    if (size > block_size) return ::operator new(size);
    if (!in_thread() || kept_.empty()) return ::operator new(block_size);
    void* const block = kept_.back();
    kept_.pop_back();
    return block;
}

FARCALL_DECL void event_loop::deallocate(void* block, std::size_t size) noexcept {
    if (size > block_size || !in_thread() || kept_.size() == most_kept) return ::operator delete(block);
    kept_.push_back(block);
}

FARCALL_DECL void event_loop::keep_exception() noexcept {
    if (!exception_) exception_ = std::current_exception();
}

FARCALL_DECL void event_loop::untrack() noexcept {
    if (in_thread()) {
        tracked_.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    const visit here{*this};
    if (tracked_.fetch_sub(1, std::memory_order_acq_rel) == 1) interrupt();
}

FARCALL_DECL void event_loop::sleep() {
    std::chrono::nanoseconds longest = keep_appointments();
    if (something_to_do() || exception_) longest = {};
    if (longest.count() != 0) {
        sleeping_.store(true);
        if (from_elsewhere_.load() != nullptr || interrupted_.load()) longest = {};
    }
    take_events(longest);
    sleeping_.store(false, std::memory_order_relaxed);
    if (interrupted_.load(std::memory_order_relaxed)) interrupted_.exchange(false, std::memory_order_acquire);
}

/// @returns whether there are any
FARCALL_DECL bool event_loop::take_events(std::chrono::nanoseconds longest) {
    if (next_event_ != last_event_) return true;
    const auto wait = [&](int milliseconds) {
        return ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), milliseconds);
    };
    int count;
    if (longest.count() == 0) {
        count = wait(0);
    } else if (longest == longest.max()) {
        count = wait(-1);
    } else if (longest >= near) {
        count = wait(static_cast<int>(std::min<std::chrono::nanoseconds>(longest, longest_sleep) / std::chrono::milliseconds{1}));
    } else {
#if defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)
        if (fine_) {
            const timespec exact{0, static_cast<long>(longest.count())};
            count = ::epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_.size()), &exact, nullptr);
            // It may be unknown, or forbidden as what is new often is.
            if (count < 0 && errno != EINTR) fine_ = false;
        }
        if (!fine_)
#endif
#endif
            count = wait(static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(longest).count()));
    }
    next_event_ = 0;
    last_event_ = static_cast<std::size_t>(std::max(count, 0));  // a signal is no event
    return count > 0;
}

FARCALL_DECL void event_loop::work_off() {
    while (next_event_ != last_event_) {
        const epoll_event told = events_[next_event_++];
        if (told.data.ptr != nullptr) static_cast<watcher*>(told.data.ptr)->on_events(told.events);
    }
    // Only those that are there now: what they wish for comes after the next events.
    std::size_t wishes = 0;
    for (const watcher::link* each = wishes_.front(); each != nullptr; each = wishes_.after(*each)) ++wishes;
    for (; wishes != 0; --wishes) {
        watcher::link* const first = wishes_.front();
        if (first == nullptr) break;
        first->unlink();
        first->owner.on_events(0);
    }
    take_from_elsewhere();
    for (std::size_t left = most_work; left != 0; --left) {
        loop_work* const work = queue_.pop();
        if (work == nullptr) break;
        work->end(true);
    }
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
}

FARCALL_DECL boost::system::error_code event_loop::control(int how, int descriptor, std::uint32_t events,
                                                           watcher& who) noexcept {
    epoll_event told{};
    told.events = events;
    told.data.ptr = &who;
    if (::epoll_ctl(epoll_, how, descriptor, &told) == 0) return {};
    return {errno, boost::system::system_category()};
}

FARCALL_DECL boost::system::error_code event_loop::watch(int descriptor, std::uint32_t events, watcher& who) noexcept {
    join(who);
    return control(EPOLL_CTL_ADD, descriptor, events, who);
}

FARCALL_DECL boost::system::error_code event_loop::rewatch(int descriptor, std::uint32_t events, watcher& who) noexcept {
    return control(EPOLL_CTL_MOD, descriptor, events, who);
}

FARCALL_DECL void event_loop::unwatch(int descriptor, watcher& who) noexcept {
    // To close it would not be enough: another process may have it too, after a fork.
    control(EPOLL_CTL_DEL, descriptor, 0, who);
    for (std::size_t i = next_event_; i != last_event_; ++i)
        if (events_[i].data.ptr == &who) events_[i].data.ptr = nullptr;
}

FARCALL_DECL void event_loop::set(appointment& which, time_point when) {
    if (which.place_ == appointment::unset) {
        appointments_.push_back({});
        return move_up(appointments_.size() - 1, {when, &which});
    }
    const std::size_t place = which.place_;
    if (when < appointments_[place].when)
        move_up(place, {when, &which});
    else
        move_down(place, {when, &which});
}

FARCALL_DECL void event_loop::cancel(appointment& which) noexcept {
    const std::size_t place = std::exchange(which.place_, appointment::unset);
    if (place == appointment::unset) return;
    const due last = appointments_.back();
    appointments_.pop_back();
    if (place == appointments_.size()) return;
    if (place != 0 && last.when < appointments_[(place - 1) / 2].when)
        move_up(place, last);
    else
        move_down(place, last);
}

/// Puts `what` at the place, which is free, or nearer to the front of the heap.
FARCALL_DECL void event_loop::move_up(std::size_t place, due what) noexcept {
    for (; place != 0; place = (place - 1) / 2) {
        const due& above = appointments_[(place - 1) / 2];
        if (above.when <= what.when) break;
        put(place, above);
    }
    put(place, what);
}

/// The same, but nearer to its end.
FARCALL_DECL void event_loop::move_down(std::size_t place, due what) noexcept {
    for (;;) {
        std::size_t below = 2 * place + 1;
        if (below >= appointments_.size()) break;
        if (below + 1 < appointments_.size() && appointments_[below + 1].when < appointments_[below].when) ++below;
        if (what.when <= appointments_[below].when) break;
        put(place, appointments_[below]);
        place = below;
    }
    put(place, what);
}

FARCALL_DECL void event_loop::put(std::size_t place, due what) noexcept {
    appointments_[place] = what;
    what.what->place_ = place;
}

/// Those whose time has come.
/// @returns how long the next one is away, or a little less: no time if there was one, the longest if there is none
FARCALL_DECL std::chrono::nanoseconds event_loop::keep_appointments() {
    if (appointments_.empty()) return std::chrono::nanoseconds::max();
    // Far from all of them, the cheap clock is good enough to wake up in time for a look at the fine one.
    const time_point nearly = recent_time();
    if (const time_point first = appointments_.front().when; first > nearly + near + recent_time_lag)
        return first - nearly - recent_time_lag;
    const time_point now = std::chrono::steady_clock::now();
    bool any = false;
    for (std::size_t left = most_work; left != 0 && !appointments_.empty(); --left) {
        const due first = appointments_.front();
        if (first.when > now) break;
        cancel(*first.what);
        any = true;
        first.what->come();
    }
    return any ? std::chrono::nanoseconds{0} : std::chrono::nanoseconds{appointments_.front().when - now};
}

}  // namespace farcall::detail
