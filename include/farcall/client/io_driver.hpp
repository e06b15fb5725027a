#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <farcall/client/io_task.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/transport/thread_loop.hpp>

namespace farcall::detail {

/// Decides which thread runs a client's I/O, and carries work from any thread to it.
///
/// Without an executor of the user's there is an event loop of our own, and it is driven by whoever needs it: a thread
/// that blocks in a call drives it until its call has ended, then hands over to another thread that still waits, so a
/// single blocking caller writes, waits and reads on its own thread without a hop. The first call that does not block
/// starts a thread that drives from then on.
///
/// With an executor of the user's, all I/O runs there, on a strand.
///
/// Owned by a `std::shared_ptr`. Whoever uses it must call `shut_down` when nothing more will be submitted.
/// @par Thread safety  Safe.
class io_driver : public std::enable_shared_from_this<io_driver> {
public:
    using task = io_task;

    /// A thread that waits for the end of something that happens on the I/O thread.
    class waiter {
    public:
        /// Ends the wait. Called on the I/O thread, once; the waiter may be gone when this returns.
        FARCALL_DECL void finish() noexcept;

    private:
        friend class io_driver;
        std::mutex* mutex_ = nullptr;
        std::condition_variable wake_;
        bool driving_ = false;
        bool leads_ = false;
        bool done_ = false;
    };

    /// With an event loop of our own.
    /// @param busy_poll  how long a thread looks for what has come before it goes to sleep
    FARCALL_DECL explicit io_driver(std::chrono::microseconds busy_poll = {});
    /// On the user's executor.
    FARCALL_DECL explicit io_driver(const boost::asio::any_io_executor& users);
    io_driver(const io_driver&) = delete;
    io_driver& operator=(const io_driver&) = delete;
    FARCALL_DECL ~io_driver();

    /// Where all I/O runs; never more than one handler of it at a time.
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

    /// Whether it has an event loop of its own, not an executor of the user's.
    bool own_loop() const noexcept { return loop_ != nullptr; }

    /// Whether the calling thread is inside the I/O loop, where it must not block.
    FARCALL_DECL bool on_io_thread() const noexcept;

    /// Starts the thread that drives an event loop of our own even while nobody calls.
    FARCALL_DECL void keep_driven();

    /// Runs `work` on the I/O thread: at once if this is it, soon otherwise. Returns without waiting.
    FARCALL_DECL void submit(task& work);

    /// Runs `work` on the I/O thread and returns when `who` has been finished. Not to be called on the I/O thread.
    /// @param latest  when to give up if nobody runs the user's executor
    /// @returns false if it was given up: `work` has not run and will not
    FARCALL_DECL bool run(task& work, waiter& who,
                          std::chrono::steady_clock::time_point latest = std::chrono::steady_clock::time_point::max());

    /// Runs `last` on the I/O thread, or in its stead, and everything that follows from it; then stops the loop.
    /// May be called on the I/O thread. Nothing may be submitted afterwards.
    FARCALL_DECL void shut_down(std::function<void()> last);

private:
    struct loop;
    struct inbox_turn;
    // What most users' executors are is known by its type: a strand asks one behind the wrapper five times a read, and
    // each answer is in memory of its own.
    using loop_strand = boost::asio::strand<boost::asio::io_context::executor_type>;
    using strand = boost::asio::strand<boost::asio::any_io_executor>;
    class inbox_work;

    /// A loop that nobody has driven for so long may have news, such as the end of a connection, that come first.
    static constexpr std::chrono::milliseconds stale{5};
    /// How long the end of a client waits for one-way calls that are not sent yet; without any it does not wait.
    static constexpr std::chrono::seconds last_words{1};

    /// Who drives a loop of our own. One thread that is alone takes it and leaves it without a lock.
    enum class driver : unsigned char {
        none,
        alone,
        watched,  ///< others wait to follow, or did: the next one is chosen under the lock
    };

    static boost::asio::any_io_executor strand_of(const boost::asio::any_io_executor& users);
    bool on_strand() const noexcept;
    void lead(task& work, waiter& who);
    void drive(waiter& who);
    void drain_inbox();
    void abandon_inbox();
    void push(task& work, std::unique_lock<std::mutex>& lock);
    void ensure_background();
    void background();
    void hand_over();

    std::mutex mutex_;
    std::vector<task*> inbox_;
    std::vector<task*> running_;
    std::vector<waiter*> waiting_;
    const std::chrono::microseconds busy_poll_{};
    std::unique_ptr<loop> loop_;  ///< null on a user's executor
    boost::asio::any_io_executor executor_;
    // On a user's executor, what is in `executor_`: one of these.
    const loop_strand* loop_strand_ = nullptr;
    const strand* strand_ = nullptr;
    thread_loop* users_loop_ = nullptr;  ///< a server's, for example: one thread, so it needs no strand
    std::atomic<driver> driver_{driver::none};
    /// When the last thread left the loop; what nobody has had yet has no news.
    std::chrono::steady_clock::time_point left_at_ = std::chrono::steady_clock::time_point::max();
    std::thread thread_;
    std::condition_variable background_wake_;
    bool background_started_ = false;
    bool background_waits_ = false;
    std::atomic<bool> stopping_{false};
    bool ends_alone_ = false;  ///< the background thread ends what is left, for nobody waits for it
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/io_driver.ipp>
#endif
