#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include <sys/epoll.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/linked_list.hpp>
#include <farcall/transport/loop_work.hpp>

namespace farcall::detail {

/// The event loop of a thread of our own, on Linux's epoll.
///
/// It gets to know a socket once and hears of changes only, so that a message costs one wait, one read and one write, and
/// there is no lock on that way. To Asio it is an execution context like any other: handlers, coroutines, timers and
/// sockets of users may have its executor. Asio's own I/O objects then wait on a thread that Asio makes, and complete here.
///
/// One thread at a time drives it: it calls `enter`, then `turn` as often as it likes, then `leave`. What the loop runs may
/// throw: that leaves `turn`, which may be called again.
/// Its end destroys what is queued, and what waits for sockets and times, without running it. It may come as soon as that
/// has run which another thread posted last, or `run_out` has seen its tracking executor go.
/// A process that `fork` makes must leave alone what it has of a loop, its sockets included, for they are those of its
/// parent: it has to end by `exec` or `_exit`.
/// @par Thread safety  The executor, `post`, `enqueue`, `interrupt` and `stop` are for any thread; everything else for the thread
/// that drives it, or, while none does, for whoever could begin to.
class event_loop final : public boost::asio::execution_context {
public:
    template <bool Tracked>
    class basic_executor;
    using executor_type = basic_executor<false>;

    /// Whoever acts on a descriptor, or wants turns of its own.
    ///
    /// Leaves the loop when it is destroyed; its descriptor must have been unwatched before. One that has left the loop
    /// before may be destroyed by any thread.
    class watcher {
    public:
        watcher(const watcher&) = delete;
        watcher& operator=(const watcher&) = delete;

        /// Called by the loop only, never from inside another function of it. The watcher may be destroyed in here.
        /// @param events  what epoll tells of the descriptor; 0: this is the turn that was wished for
        virtual void on_events(std::uint32_t events) = 0;
        /// The loop ends: destroys what waits for it, without calling it. The watcher may be destroyed in here.
        virtual void abandon() noexcept = 0;

    protected:
        explicit watcher(event_loop& loop) noexcept : loop_(loop), member_(*this), wish_(*this) {}
        ~watcher() = default;

        event_loop& loop() const noexcept { return loop_; }
        /// Is told of nothing more, and gets no turn that was wished for. Its descriptor must have been unwatched before.
        void leave_loop() noexcept {
            member_.unlink();
            wish_.unlink();
        }

    private:
        friend class event_loop;
        struct link : list_link {
            explicit link(watcher& whose) noexcept : owner(whose) {}
            watcher& owner;
        };
        event_loop& loop_;
        link member_;
        link wish_;
    };

    /// Something that happens at a certain time; not set at first. To be cancelled before it is destroyed.
    class appointment {
    public:
        appointment(const appointment&) = delete;
        appointment& operator=(const appointment&) = delete;

        /// Its time has come. It is not set any more, and may be destroyed in here.
        virtual void come() = 0;
        /// As that of a watcher.
        virtual void abandon() noexcept = 0;

    protected:
        appointment() = default;
        ~appointment() = default;

    private:
        friend class event_loop;
        static constexpr std::size_t unset = static_cast<std::size_t>(-1);
        std::size_t place_ = unset;
    };

    /// Throws `boost::system::system_error` if the system has no descriptors left.
    FARCALL_DECL event_loop();
    FARCALL_DECL ~event_loop();

    executor_type get_executor() noexcept;
    /// The loop that an executor belongs to; null if that is another context.
    static event_loop* of(const boost::asio::any_io_executor& executor) noexcept;

    /// @{ The calling thread drives it from now on; does not any more.
    void enter() noexcept { driver_.store(std::this_thread::get_id(), std::memory_order_relaxed); }
    void leave() noexcept { driver_.store(std::thread::id{}, std::memory_order_relaxed); }
    /// @}
    /// Whether the calling thread drives it.
    bool in_thread() const noexcept { return driver_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

    /// Waits until there is something to do and does it; what comes of that, too, but only for a while, so that nobody is
    /// starved. Returns without having done anything after `interrupt`.
    /// @param look  for how long to look again and again before it sleeps, a second at most: to be woken up costs more
    ///              time than a short wait takes
    template <class Clock = std::chrono::steady_clock>
    void turn(std::chrono::microseconds look = {});
    /// Does what there is to do, without waiting.
    FARCALL_DECL void poll();
    /// The calling thread drives it until it is stopped.
    FARCALL_DECL void run(std::chrono::microseconds look = {});
    /// The calling thread, which drives it, goes on until it is stopped, or nothing is left from which something could
    /// follow: no work, no operation, no appointment, no executor that tracks work.
    /// @param longest  ends it in any case
    FARCALL_DECL void run_out(std::chrono::milliseconds longest);
    /// Ends `run` and `run_out` after the turn that is under way, for good.
    FARCALL_DECL void stop() noexcept;
    bool stopped() const noexcept { return stopped_.load(std::memory_order_acquire); }
    /// Ends the sleep of the turn that is under way, or of the next one.
    FARCALL_DECL void interrupt() noexcept;

    /// Has the loop call a function, never in here.
    template <class Function>
    void post(Function function) {
        void* const block = allocate(sizeof(posted<Function>));
        enqueue(*::new (block) posted<Function>(*this, std::move(function)));
    }
    /// Has the loop end `work`, which stays where it is until then.
    FARCALL_DECL void enqueue(loop_work& work) noexcept;

    /// @{ Tells the watcher what happens to a descriptor: from now on; something else, and what is so already;
    /// nothing any more, which must come before it is closed.
    /// @param events  epoll's. With EPOLLET each change is told once, otherwise what is so is told in each turn
    FARCALL_DECL boost::system::error_code watch(int descriptor, std::uint32_t events, watcher& who) noexcept;
    FARCALL_DECL boost::system::error_code rewatch(int descriptor, std::uint32_t events, watcher& who) noexcept;
    FARCALL_DECL void unwatch(int descriptor, watcher& who) noexcept;
    /// @}
    /// Has the watcher told of the loop's end. One that watches a descriptor is told anyway.
    void join(watcher& who) noexcept {
        if (!who.member_.linked()) members_.push_back(who.member_);
    }
    /// Gives the watcher a turn, soon; one, however often it is wished for.
    void wish(watcher& who) noexcept {
        if (!who.wish_.linked()) wishes_.push_back(who.wish_);
    }

    /// @{ Something is under way, from which something follows here.
    void begin_operation() noexcept { ++operations_; }
    void end_operation() noexcept { --operations_; }
    /// @}

    /// @{ Sets an appointment, maybe anew; undoes that, if it is set.
    FARCALL_DECL void set(appointment& which, time_point when);
    FARCALL_DECL void cancel(appointment& which) noexcept;
    /// @}

private:
    template <class Function>
    class posted;
    struct due {
        time_point when;
        appointment* what;
    };

    static constexpr std::size_t most_events = 128;  ///< that are taken from the system at once
    static constexpr std::size_t most_work = 256;    ///< that is done in a turn, so that events have theirs
    static constexpr std::size_t block_size = 128;   ///< enough for what Asio posts
    static constexpr std::size_t most_kept = 64;
    static constexpr std::chrono::seconds longest_look{1};
    static constexpr std::chrono::hours longest_sleep{1};
    static constexpr std::chrono::milliseconds near{20};  ///< what comes sooner is waited for by the fine clock

    /// A thread that hands something over. From then on the loop may end, but not before this is gone.
    class visit {
    public:
        explicit visit(event_loop& loop) noexcept : loop_(loop) { loop_.visits_.fetch_add(1, std::memory_order_relaxed); }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;
        ~visit() { loop_.visits_.fetch_sub(1, std::memory_order_release); }

    private:
        event_loop& loop_;
    };

    FARCALL_DECL void* allocate(std::size_t size);
    FARCALL_DECL void deallocate(void* block, std::size_t size) noexcept;
    FARCALL_DECL void keep_exception() noexcept;
    void track() noexcept { tracked_.fetch_add(1, std::memory_order_relaxed); }
    FARCALL_DECL void untrack() noexcept;

    bool something_to_do() const noexcept {
        return next_event_ != last_event_ || !queue_.empty() || !wishes_.empty() ||
               from_elsewhere_.load(std::memory_order_relaxed) != nullptr;
    }
    bool idle() const noexcept {
        return operations_ == 0 && appointments_.empty() && tracked_.load(std::memory_order_acquire) == 0 &&
               !something_to_do();
    }
    FARCALL_DECL void wake() noexcept;
    FARCALL_DECL void sleep();
    FARCALL_DECL bool take_events(std::chrono::nanoseconds longest);
    FARCALL_DECL void work_off();
    FARCALL_DECL void take_from_elsewhere() noexcept;
    FARCALL_DECL std::chrono::nanoseconds keep_appointments();
    FARCALL_DECL void abandon_all() noexcept;
    FARCALL_DECL boost::system::error_code control(int how, int descriptor, std::uint32_t events, watcher& who) noexcept;
    FARCALL_DECL void move_up(std::size_t place, due what) noexcept;
    FARCALL_DECL void move_down(std::size_t place, due what) noexcept;
    FARCALL_DECL void put(std::size_t place, due what) noexcept;

    std::atomic<std::thread::id> driver_{};
    std::atomic<bool> sleeping_{false};
    std::atomic<bool> interrupted_{false};
    std::atomic<bool> stopped_{false};
    std::atomic<loop_work*> from_elsewhere_{nullptr};  ///< the latest first
    std::atomic<std::size_t> tracked_{0};
    std::atomic<std::size_t> visits_{0};

    int epoll_ = -1;
    int wake_ = -1;
    std::size_t next_event_ = 0;
    std::size_t last_event_ = 0;
    std::size_t operations_ = 0;
    bool fine_ = true;  ///< the system can sleep for less than a millisecond
    linked_list<watcher::link> members_;
    linked_list<watcher::link> wishes_;
    loop_queue queue_;
    std::vector<due> appointments_;  ///< a heap, the earliest first
    std::vector<void*> kept_;        ///< blocks of memory
    std::exception_ptr exception_;
    std::array<epoll_event, most_events> events_;
};

/// A function in the queue, in memory of the loop's.
template <class Function>
class event_loop::posted final : public loop_work {
public:
    posted(event_loop& loop, Function&& function) : loop_work(&end_it), loop_(loop), function_(std::move(function)) {}

private:
    static void end_it(loop_work& self, bool to_run) {
        auto& whole = static_cast<posted&>(self);
        event_loop& loop = whole.loop_;
        Function function{std::move(whole.function_)};
        // First, so that what it posts finds this memory.
        whole.~posted();
        loop.deallocate(&whole, sizeof(posted));
        if (to_run) std::move(function)();
    }

    event_loop& loop_;
    Function function_;
};

/// What Asio knows of the loop. Equal if the loop is the same, and when it calls what it is given.
///
/// @tparam Tracked  whether `run_out` waits as long as this is there
/// @par Thread safety  Safe.
template <bool Tracked>
class event_loop::basic_executor {
public:
    basic_executor(const basic_executor& other) noexcept : basic_executor(*other.loop_, other.later_) {}
    basic_executor(basic_executor&& other) noexcept : loop_(other.loop_), later_(other.later_) {
        if constexpr (Tracked) other.loop_ = nullptr;
    }
    basic_executor& operator=(const basic_executor& other) noexcept {
        basic_executor copy{other};
        return *this = std::move(copy);
    }
    basic_executor& operator=(basic_executor&& other) noexcept {
        std::swap(loop_, other.loop_);
        later_ = other.later_;
        return *this;
    }
    ~basic_executor() {
        if constexpr (Tracked)
            if (loop_ != nullptr) loop_->untrack();
    }

    event_loop& query(boost::asio::execution::context_t) const noexcept { return *loop_; }
    boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept {
        if (later_) return boost::asio::execution::blocking.never;
        return boost::asio::execution::blocking.possibly;
    }
    static constexpr boost::asio::execution::outstanding_work_t query(boost::asio::execution::outstanding_work_t) noexcept {
        if constexpr (Tracked) return boost::asio::execution::outstanding_work.tracked;
        return boost::asio::execution::outstanding_work.untracked;
    }

    basic_executor require(boost::asio::execution::blocking_t::never_t) const noexcept { return {*loop_, true}; }
    basic_executor require(boost::asio::execution::blocking_t::possibly_t) const noexcept { return {*loop_, false}; }
    basic_executor<true> require(boost::asio::execution::outstanding_work_t::tracked_t) const noexcept {
        return {*loop_, later_};
    }
    basic_executor<false> require(boost::asio::execution::outstanding_work_t::untracked_t) const noexcept {
        return {*loop_, later_};
    }

    /// Calls the function in the loop: at once, if this is its thread and that is allowed.
    template <class Function>
    void execute(Function&& function) const {
        if (later_ || !loop_->in_thread()) return loop_->post(std::decay_t<Function>(std::forward<Function>(function)));
        // Whoever hands something over is not told how it ended.
        try {
            std::decay_t<Function> copy(std::forward<Function>(function));
            std::move(copy)();
        } catch (...) {
            loop_->keep_exception();
        }
    }

    bool running_in_this_thread() const noexcept { return loop_->in_thread(); }

    friend bool operator==(const basic_executor& left, const basic_executor& right) noexcept {
        return left.loop_ == right.loop_ && left.later_ == right.later_;
    }
    friend bool operator!=(const basic_executor& left, const basic_executor& right) noexcept { return !(left == right); }

private:
    friend class event_loop;
    template <bool>
    friend class basic_executor;

    basic_executor(event_loop& loop, bool later) noexcept : loop_(&loop), later_(later) {
        if constexpr (Tracked) loop.track();
    }

    event_loop* loop_;
    bool later_;  ///< never in the call that hands something over
};

inline event_loop::executor_type event_loop::get_executor() noexcept { return {*this, false}; }

inline event_loop* event_loop::of(const boost::asio::any_io_executor& executor) noexcept {
    const auto* const ours = executor.target<executor_type>();
    return ours != nullptr ? ours->loop_ : nullptr;
}

template <class Clock>
void event_loop::turn(std::chrono::microseconds look) {
    if (look.count() > 0 && !something_to_do()) {
        const typename Clock::time_point until =
            Clock::now() + std::min<std::chrono::microseconds>(look, longest_look);  // more could wrap
        do {
            const bool came = keep_appointments().count() == 0;
            if (take_events({}) || came || something_to_do()) return work_off();
        } while (!interrupted_.load(std::memory_order_relaxed) && Clock::now() < until);
    }
    sleep();
    work_off();
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/event_loop.ipp>
#endif
