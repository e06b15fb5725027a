#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/chrono.hpp>
#include <farcall/observe/distribution.hpp>
#include <farcall/observe/outcome_counts.hpp>
#include <farcall/server/connection_protocol.hpp>

namespace farcall {

/// What a server has counted of one method.
struct method_metrics {
    std::string method{};           ///< its name on the wire
    std::uint64_t calls = 0;        ///< that have ended, notifications included
    std::uint64_t failures = 0;     ///< those that did not end with `ok`
    std::uint64_t in_flight = 0;    ///< that run just now
    outcome_counts outcomes{};      ///< `calls` by what they ended with
    std::uint64_t bytes_in = 0;     ///< JSON text of the requests; over HTTP without an envelope: of the arguments
    std::uint64_t bytes_out = 0;    ///< JSON text of the answers, always with their envelope
    /// From a call's turn to its answer, failures included: interceptors and handler, whatever they wait for, but not the
    /// queue of the worker pool.
    distribution latency{};
    /// From the arrival of its bytes to its turn; and of a `blocking` method, how long it waited for a thread.
    distribution queue{};
};

/// Connections, by what they speak.
struct connection_counts {
    std::uint64_t native = 0;          ///< frames with their length in front
    std::uint64_t lines = 0;           ///< JSON texts, one a line
    std::uint64_t content_length = 0;  ///< as language servers have it
    std::uint64_t http = 0;            ///< in all: those that became WebSockets, too
    std::uint64_t websocket = 0;       ///< what began as HTTP
    std::uint64_t undecided = 0;       ///< that have not said enough yet; in all: that ended before they had

    /// Those of one protocol.
    std::uint64_t& operator[](connection_protocol which) noexcept {
        std::uint64_t* const all[] = {&native, &lines, &content_length, &http, &websocket, &undecided};
        return *all[static_cast<std::size_t>(which)];
    }
    /// Those of one protocol.
    std::uint64_t operator[](connection_protocol which) const noexcept {
        return const_cast<connection_counts&>(*this)[which];
    }
};

/// How often a limit refused a call or ended a connection.
struct limit_metrics {
    std::string_view limit{};   ///< the member of `farcall::limits` or `server_options`, such as "in_flight"; a constant
    std::uint64_t refused = 0;  ///< how often
};

/// The threads that run `blocking` methods.
struct worker_pool_metrics {
    std::uint64_t threads = 0;  ///< at most; zero: there are none, with an executor of the user's
    std::uint64_t busy = 0;     ///< that run a method
    std::uint64_t queue = 0;    ///< calls that wait for a thread
    std::uint64_t refused = 0;  ///< calls for which the queue had no room
};

/// What a server has counted since it was started: a copy that no longer changes, see `server::metrics`.
struct server_metrics {
    std::chrono::nanoseconds uptime{};                  ///< zero: it was not started
    std::chrono::system_clock::time_point started{};    ///< by the calendar
    std::vector<method_metrics> methods{};  ///< every method, those that were never called too, in the order of their names
    method_metrics unknown_methods{};       ///< calls of names that are no method
    method_metrics reserved_methods{};      ///< calls of what the library itself answers, such as rpc.discover
    std::uint64_t protocol_errors = 0;      ///< messages that were no request
    std::uint64_t late = 0;                 ///< calls whose deadline had passed before their turn
    std::uint64_t replayed = 0;             ///< calls that were answered with what an earlier attempt ended with
    std::uint64_t repeated = 0;             ///< calls whose caller said that they are further attempts
    connection_counts connections{};        ///< that are open
    connection_counts connections_total{};  ///< since the start
    std::uint64_t connections_refused = 0;  ///< that there was no room for
    std::vector<limit_metrics> refusals{};  ///< every limit
    worker_pool_metrics workers{};          ///< that run `blocking` methods
    std::uint64_t buffered_bytes = 0;       ///< held for all connections
};

}  // namespace farcall
