#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json.hpp>

#include "command_line.hpp"

namespace tool {

/// @file
/// What a server's rpc.metrics says, member for member; what it need not say is optional.

/// Times in microseconds.
struct read_times {
    std::uint64_t count;
    std::optional<double> min, mean, max, p50, p90, p99;
};

struct read_method {
    std::string method;
    std::uint64_t calls;
    std::uint64_t failures;
    std::optional<std::uint64_t> in_flight;
    std::optional<read_times> latency_us;
};

/// One value a second, the oldest first.
struct read_method_history {
    std::vector<double> calls;
    std::vector<double> failures;
    std::optional<std::vector<double>> p50_us;
    std::optional<std::vector<double>> p99_us;
};

struct read_history {
    std::map<std::string, read_method_history> methods;
};

struct read_connections {
    std::map<std::string, std::uint64_t> open;
    std::optional<std::uint64_t> refused;
};

struct read_workers {
    std::uint64_t threads;
    std::uint64_t busy;
    std::uint64_t queue;
};

struct read_unknown {
    std::uint64_t calls;
};

struct reading {
    double uptime_s;
    std::optional<std::string> title, version;
    std::vector<read_method> methods;
    std::optional<read_unknown> unknown_methods;
    std::optional<std::uint64_t> protocol_errors;
    std::optional<read_connections> connections;
    std::optional<std::map<std::string, std::uint64_t>> refusals;
    std::optional<read_workers> workers;
    std::optional<std::uint64_t> late;
    std::optional<std::uint64_t> replayed;
    std::optional<read_history> history;
};

/// Reads the result of rpc.metrics.
std::variant<reading, mistake> read_metrics(const farcall::json& result);

}  // namespace tool
