#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace farcall::detail {

/// Whose side of a WebSocket connection this is: a client masks what it sends, a server does not.
enum class websocket_role : std::uint8_t { client, server };

/// What a frame holds.
/// @see RFC 6455, section 5.2
enum class websocket_opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Why a connection ends.
/// @see RFC 6455, section 7.4.1
enum class websocket_close : std::uint16_t {
    normal = 1000,
    going_away = 1001,  ///< The server stops, or the page is left.
    protocol_error = 1002,
    unsupported = 1003,   ///< A binary message.
    nothing_said = 1005,  ///< A close frame without a code; never written.
    bad_text = 1007,      ///< Not UTF-8.
    too_big = 1009,
};

/// Longest payload of a close, ping or pong frame.
/// @see RFC 6455, section 5.5
inline constexpr std::size_t longest_websocket_control = 125;

/// The longest front of a frame: two bytes, eight of length, four of mask.
inline constexpr std::size_t longest_websocket_header = 14;

/// The front of a frame, as it stands on the wire.
/// @see RFC 6455, section 5.2
struct websocket_header {
    bool final = false;
    std::uint8_t reserved = 0;  ///< RSV1 to RSV3, in the lowest bits.
    std::uint8_t opcode = 0;
    bool masked = false;
    bool minimal = true;  ///< Whether the length is written in as few bytes as it can be.
    std::uint64_t length = 0;
    std::uint32_t mask = 0;  ///< Its first byte on the wire is the highest; 0 where there is none.
    std::size_t size = 0;    ///< Bytes of the header itself; 0: it is not all there.
    std::size_t missing =
        0;  ///< Then: so many more, 1 or more; what the first two bytes say is known if they are there.
};

/// Reads the front of a frame.
constexpr websocket_header read_websocket_header(std::string_view received) noexcept {
    const auto number = [&](std::size_t at, std::size_t bytes) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i != bytes; ++i) value = value << 8 | static_cast<unsigned char>(received[at + i]);
        return value;
    };
    websocket_header found;
    if (received.size() < 2) {
        found.missing = 2 - received.size();
        return found;
    }
    const auto first = static_cast<unsigned char>(received[0]);
    const auto second = static_cast<unsigned char>(received[1]);
    found.final = (first & 0x80) != 0;
    found.reserved = first >> 4 & 7;
    found.opcode = first & 15;
    found.masked = (second & 0x80) != 0;
    found.length = second & 0x7F;
    const std::size_t more = found.length < 126 ? 0 : found.length == 126 ? 2 : 8;
    const std::size_t size = 2 + more + (found.masked ? 4 : 0);
    if (received.size() < size) {
        found.missing = size - received.size();
        return found;
    }
    if (more != 0) {
        found.length = number(2, more);
        found.minimal = found.length > (more == 2 ? 125u : 0xFFFFu);
    }
    if (found.masked) found.mask = static_cast<std::uint32_t>(number(2 + more, 4));
    found.size = size;
    return found;
}

/// Masks or unmasks: the same.
///
/// @param to    room for all of `from`, or the same bytes
/// @param mask  its highest byte is for the first byte of the payload
/// @param at    which byte of the payload `from` begins with
/// @see RFC 6455, section 5.3
inline void apply_websocket_mask(char* to, std::string_view from, std::uint32_t mask, std::uint64_t at = 0) noexcept {
    const std::uint32_t turned = std::rotl(mask, static_cast<int>(at % 4) * 8);
    char key[8];
    for (int i = 0; i != 8; ++i) key[i] = static_cast<char>(static_cast<unsigned char>(turned >> (24 - 8 * (i % 4))));
    std::uint64_t eight_of_key;
    std::memcpy(&eight_of_key, key, 8);
    std::size_t i = 0;
    for (; from.size() - i >= 8; i += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, from.data() + i, 8);
        eight ^= eight_of_key;
        std::memcpy(to + i, &eight, 8);
    }
    for (; i != from.size(); ++i) to[i] = static_cast<char>(from[i] ^ key[i % 8]);
}

}  // namespace farcall::detail
