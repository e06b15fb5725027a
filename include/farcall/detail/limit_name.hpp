#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace farcall::detail {

/// The bounds that protect a server, by which what broke one is counted: members of `limits`, and one of
/// `server_options`.
enum class limit_name : std::uint8_t {
    frame,
    depth,
    batch,
    batch_reply,
    http_header,
    http_fields,
    connections,
    connections_per_peer,
    in_flight,
    pings,
    write_buffer_hard,
    buffered,
    handshake,
    idle,
    write_stall,
    frame_ceiling,
    worker_queue,
};

/// How many there are.
inline constexpr std::size_t limit_count = static_cast<std::size_t>(limit_name::worker_queue) + 1;

/// The name as it is written in code.
constexpr std::string_view to_string(limit_name value) noexcept {
    constexpr std::string_view names[] = {
        "frame",   "depth",    "batch",     "batch_reply", "http_header", "http_fields",
        "connections", "connections_per_peer", "in_flight", "pings", "write_buffer_hard", "buffered",
        "handshake", "idle", "write_stall", "frame_ceiling", "worker_queue"};
    static_assert(std::size(names) == limit_count);
    return names[static_cast<std::size_t>(value)];
}

/// The limit that a refusal of ours names, as every refusal does that is made for a limit's sake: "limits.frame: ...".
constexpr std::optional<limit_name> limit_named_in(std::string_view text) noexcept {
    constexpr std::string_view front = "limits.";
    const std::size_t at = text.find(front);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view name = text.substr(at + front.size());
    std::size_t size = 0;
    while (size != name.size() && ((name[size] >= 'a' && name[size] <= 'z') || name[size] == '_')) ++size;
    name = name.substr(0, size);
    for (std::size_t i = 0; i != limit_count; ++i)
        if (to_string(static_cast<limit_name>(i)) == name) return static_cast<limit_name>(i);
    return std::nullopt;
}

}  // namespace farcall::detail
