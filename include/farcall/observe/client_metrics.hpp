#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/observe/counter.hpp>
#include <farcall/observe/distribution.hpp>
#include <farcall/observe/event.hpp>
#include <farcall/observe/histogram.hpp>
#include <farcall/observe/outcome_counts.hpp>

namespace farcall {

/// What a client has counted of one method, see `client_metrics`.
struct client_method_metrics {
    std::string method{};          ///< its name on the wire
    std::uint64_t calls = 0;       ///< that have ended, one-way calls included
    std::uint64_t failures = 0;    ///< those that did not end with `ok`
    outcome_counts outcomes{};     ///< `calls` by what they ended with
    std::uint64_t attempts = 0;    ///< of all calls; a call that never left this process has none
    std::uint64_t retries = 0;     ///< attempts after a failure
    std::uint64_t hedges = 0;      ///< attempts beside a slow one
    std::uint64_t bytes_in = 0;    ///< JSON text of the answers
    std::uint64_t bytes_out = 0;   ///< JSON text of the requests
    distribution latency{};        ///< from a call to its end, failures included
    distribution server_time{};    ///< the part of it that the server says it took, unless it says more than the whole
    /// The rest, of calls with one attempt: the network both ways, and both ends' queues outside of the server.
    distribution network_time{};
};

/// What a client has counted, see `client_metrics`: a copy that no longer changes.
struct client_metrics_snapshot {
    std::vector<client_method_metrics> methods{};  ///< those that were called, in the order of their names
    std::uint64_t connections = 0;                 ///< that are up
    std::uint64_t connections_total = 0;           ///< that ever were
    std::uint64_t connect_failures = 0;            ///< attempts to get one that failed
    std::uint64_t goaways = 0;                     ///< servers that said they take no more calls
    std::uint64_t drops = 0;                       ///< what came and nobody gets, such as late answers
    std::uint64_t limits_hit = 0;                  ///< such as the retry budget
};

/// Counts and times the calls of clients, an observer.
///
/// One object may watch any number of clients; they are counted together. Make it by `std::make_shared`, put it into
/// `client_options::observers`, and look at it:
/// @code
///     const auto metrics = std::make_shared<farcall::client_metrics>();
///     Calculator::proxy calc{farcall::client{"tcp://127.0.0.1:5000", {.observers = {metrics}}}};
///     calc.add(5, 3);
///     std::cout << metrics->read().methods.front().latency.quantile(0.99).count() << " ns\n" << metrics->prometheus();
/// @endcode
/// What it takes is bounded: names of methods beyond `most_methods` are counted as "(other)".
/// @par Thread safety  Safe; no call waits for another.
class client_metrics {
public:
    /// How many methods are told apart.
    static constexpr std::size_t most_methods = 1024;

    /// @param ask_servers  whether every call asks how long the server took, so that `network_time` is known; an answer is
    ///                     about 30 bytes longer by that
    explicit client_metrics(bool ask_servers = true) : ask_servers_(ask_servers) {}
    client_metrics(const client_metrics&) = delete;
    client_metrics& operator=(const client_metrics&) = delete;
    FARCALL_DECL ~client_metrics();

    /// What has been counted until now.
    FARCALL_DECL client_metrics_snapshot read() const;
    /// The same in the text format that Prometheus reads, `farcall_client_calls_total` and so on, to be shown as
    /// `text/plain; version=0.0.4; charset=utf-8`.
    FARCALL_DECL std::string prometheus() const;

    /// @{ The hooks of an observer.
    bool wants_server_time() const noexcept { return ask_servers_; }
    FARCALL_DECL void call_ended(const call_event& event);
    FARCALL_DECL void retry(const retry_event& event);
    FARCALL_DECL void hedge(const hedge_event& event);
    void connection_up(const connection_event&) noexcept {
        open_.add();
        total_.add();
    }
    void connection_down(const connection_event&) noexcept { open_.subtract(); }
    void connect_failed(const connect_failure_event&) noexcept { connect_failures_.add(); }
    void goaway(const goaway_event&) noexcept { goaways_.add(); }
    void drop(const drop_event&) noexcept { drops_.add(); }
    void limit_hit(const limit_event&) noexcept { limits_hit_.add(); }
    /// @}

private:
    struct entry;

    entry& of(std::string_view method);

    static constexpr std::size_t places = 256;

    bool ask_servers_;
    /// By a hash of the name; those with the same are linked. They only grow, so that looking needs no lock.
    std::array<std::atomic<entry*>, places> methods_{};
    std::atomic<std::size_t> count_{0};
    detail::shared_counter open_;
    detail::shared_counter total_;
    detail::shared_counter connect_failures_;
    detail::shared_counter goaways_;
    detail::shared_counter drops_;
    detail::shared_counter limits_hit_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/client_metrics.ipp>
#endif
