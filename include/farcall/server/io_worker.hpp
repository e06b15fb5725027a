#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/detail/config.hpp>
#include <farcall/server/deadline_watch.hpp>
#include <farcall/server/server_shared.hpp>
#include <farcall/transport/read_room.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

class server_connection;

/// One I/O thread of a server and the connections that live on it.
///
/// @par Thread safety  `executor`, `start` and `join` are for any thread; everything else runs on the executor.
class io_worker {
public:
    /// With a thread and an event loop of its own, or on the executor that the options name.
    FARCALL_DECL explicit io_worker(std::shared_ptr<server_shared> shared);
    io_worker(const io_worker&) = delete;
    io_worker& operator=(const io_worker&) = delete;
    FARCALL_DECL ~io_worker();

    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

    /// Begins to run: the thread, and the watch over time limits.
    /// @param metrics  where its calls are counted; null: nowhere
    FARCALL_DECL void start(worker_metrics* metrics);

    /// Takes a new connection over.
    /// @param refused       why there is no room for it, which is all that it is told; null: it is welcome
    /// @param offers_pages  whether pages are shown at the address that it came to
    FARCALL_DECL void adopt(std::unique_ptr<byte_stream> stream, std::shared_ptr<peer> who,
                            std::shared_ptr<const error> refused, bool offers_pages);
    /// A connection has ended, or the last call of one that had. Those with calls stay, for a drain waits for them.
    FARCALL_DECL void forget(server_connection& gone);

    /// Lets all connections answer what they took, closes those that are left at `until`, then calls `done`, once.
    /// @param owner  of this object; kept that long, by the executor only: an executor that nobody runs any more and
    ///               that is destroyed leaves nothing behind
    FARCALL_DECL void drain(time_point until, std::shared_ptr<void> owner, std::function<void()> done);
    /// The same as `drain` was told, but with an earlier end.
    FARCALL_DECL void hurry(time_point until, std::shared_ptr<void> owner);
    /// Closes all connections and stops all calls at once.
    FARCALL_DECL void close_all();

    /// Ends the thread, which must not be the caller's; the connections are gone before.
    FARCALL_DECL void join();
    FARCALL_DECL bool in_thread() const noexcept;

private:
    struct loop;

    void watch();
    void finish_if_empty();

    std::shared_ptr<server_shared> shared_;
    std::unique_ptr<loop> loop_;  ///< null on an executor of the user's
    boost::asio::any_io_executor executor_;
    read_room room_;  ///< not used on an executor of the user's, which may have several threads
    /// By the peer's number: always in the same order, as a simulation needs it.
    std::map<std::uint64_t, std::shared_ptr<server_connection>> connections_;
    std::shared_ptr<deadline_watch> deadlines_;
    worker_metrics* metrics_ = nullptr;
    std::unique_ptr<timer> watch_timer_;
    std::unique_ptr<timer> drain_timer_;
    std::function<void()> drained_;
    time_point drain_until_ = never;
    std::thread thread_;
    bool draining_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/io_worker.ipp>
#endif
