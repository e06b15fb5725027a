#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace farcall {

/// What a connection to a server speaks.
enum class connection_protocol : std::uint8_t {
    native,          ///< Frames with their length in front.
    lines,           ///< JSON texts, one a line.
    content_length,  ///< As language servers have it.
    http,            ///< HTTP/1.1.
    websocket,       ///< What begins as HTTP.
    undecided,       ///< It has not said enough yet.
};

/// The name as it is written in code.
constexpr std::string_view to_string(connection_protocol value) noexcept {
    constexpr std::string_view names[] = {"native", "lines", "content_length", "http", "websocket", "undecided"};
    const auto index = static_cast<std::size_t>(value);
    return names[index < std::size(names) ? index : std::size(names) - 1];
}

/// All of them, in the order of their numbers.
inline constexpr std::array connection_protocols = {
    connection_protocol::native, connection_protocol::lines,     connection_protocol::content_length,
    connection_protocol::http,   connection_protocol::websocket, connection_protocol::undecided};

}  // namespace farcall
