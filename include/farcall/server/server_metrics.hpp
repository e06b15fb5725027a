#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <farcall/observe/distribution.hpp>
#include <farcall/observe/outcome_counts.hpp>

namespace farcall {

/// What a server has counted of one method.
struct method_metrics {
    std::string method{};           ///< its name on the wire
    std::uint64_t calls = 0;        ///< that have ended, notifications included
    std::uint64_t failures = 0;     ///< those that did not end with `ok`
    std::uint64_t in_flight = 0;    ///< that run just now
    outcome_counts outcomes{};      ///< `calls` by what they ended with
    std::uint64_t bytes_in = 0;     ///< JSON text of the requests
    std::uint64_t bytes_out = 0;    ///< JSON text of the answers
    distribution latency{};         ///< from a call's turn to its answer, failures included
    distribution queue{};           ///< from the arrival of its bytes to its turn
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
};

}  // namespace farcall
