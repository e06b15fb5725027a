#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/server/io_worker.hpp>
#include <farcall/server/server_shared.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// What a server is without the types of its services: listeners, workers, and the way from start to stop.
///
/// Owned by a `std::shared_ptr`, which what it queues on an executor keeps alive.
/// @par Thread safety  `stop`, `request_stop`, `wait` are for any thread; the rest belongs to the thread that sets
///                     the server up, until it starts.
class server_core : public std::enable_shared_from_this<server_core> {
public:
    FARCALL_DECL explicit server_core(server_options options);
    FARCALL_DECL ~server_core();

    FARCALL_DECL void add(method_entry entry);
    FARCALL_DECL void add_service(std::string_view name, std::vector<method_entry> entries);
    server_shared& shared() noexcept { return *shared_; }
    FARCALL_DECL void require_not_started(std::string_view what) const;

    /// @param for_pages  pages other than those of the health are shown there, and only at such addresses
    FARCALL_DECL endpoint listen(const endpoint& where, bool for_pages = false);
    FARCALL_DECL void start();
    /// Stops in order; does not wait. Once more with less grace shortens it.
    FARCALL_DECL void request_stop(std::chrono::milliseconds grace);
    /// Waits until the server has stopped. Not on one of its own threads.
    FARCALL_DECL void wait();
    FARCALL_DECL void stop(std::chrono::milliseconds grace);
    FARCALL_DECL void run_until_signal(const std::function<void()>& started);

    const std::vector<endpoint>& endpoints() const noexcept { return endpoints_; }
    FARCALL_DECL std::string describe() const;

private:
    struct listening {
        std::unique_ptr<listener> socket;
        std::unique_ptr<timer> pause;  ///< after a failure to accept
        bool for_pages = false;
    };

    void accept(std::size_t which);
    void accepted(std::unique_ptr<byte_stream> stream, io_worker& where, bool offers_pages);
    bool offers_pages(const listening& at) const noexcept { return at.for_pages || page_endpoints_.empty(); }
    std::shared_ptr<const error> count_in(peer& who, limit_name& limit);
    void tell(std::string_view phase) const;
    void forget(server_connection& gone);
    io_worker& worker_of(const server_connection& connection);
    void check_debug_calls() const;
    void close_listeners();
    void announce(std::chrono::milliseconds grace);
    void worker_drained();
    bool in_own_thread() const noexcept;
    void join();

    static constexpr std::size_t most_turned_away = 64;

    enum class state {
        new_server,
        running,
        announced,  ///< it will stop, says so, and still takes calls
        stopping,
        stopped
    };

    std::shared_ptr<server_shared> shared_;
    std::vector<std::unique_ptr<io_worker>> workers_;
    std::vector<listening> listeners_;
    std::vector<endpoint> endpoints_;
    std::vector<endpoint> page_endpoints_;  ///< the others; pages are shown only here if there are any
    std::vector<std::string> services_;
    std::vector<std::string> bound_;  ///< hosts that it was told to listen on, and does
    std::unique_ptr<timer> notice_;   ///< ends what was announced

    mutable std::mutex mutex_;  ///< of what follows
    std::condition_variable changed_;
    state state_ = state::new_server;
    bool joining_ = false;  ///< a thread is waiting for ours to end
    bool joined_ = false;
    std::size_t undrained_ = 0;
    std::size_t connections_ = 0;
    std::size_t turned_away_ = 0;  ///< those beyond the limits that are told so
    std::size_t next_worker_ = 0;
    std::uint64_t last_peer_ = 0;
    std::unordered_map<std::string, std::size_t> per_peer_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/server_core.ipp>
#endif
