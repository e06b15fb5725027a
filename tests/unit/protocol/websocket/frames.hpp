#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file
/// Frames of WebSocket made by hand, right and wrong ones, with none of the library's own code.
namespace farcall::testing {

inline constexpr std::uint32_t some_mask = 0x37FA213D;

/// Any frame: what is in its first byte, how its length is written, what it holds.
struct websocket_bytes {
    unsigned first = 0x81;                          ///< FIN, RSV1 to RSV3, opcode.
    std::optional<std::uint32_t> mask = some_mask;  ///< As a client has it.
    std::size_t length_bytes = 0;                   ///< 1, 2 or 8; 0: as few as it can be.
    std::optional<std::uint64_t> said_length = {};  ///< If it is not that of the payload.

    std::string operator()(std::string_view payload) const {
        const std::uint64_t length = said_length.value_or(payload.size());
        std::size_t width = length_bytes;
        if (width == 0) width = length < 126 ? 1 : length < 65536 ? 2 : 8;
        std::string made{byte(first)};
        made += byte((mask ? 0x80u : 0u) | (width == 1 ? length : width == 2 ? 126u : 127u));
        for (std::size_t i = width == 1 ? 0 : width; i != 0; --i) made += byte(length >> 8 * (i - 1));
        if (!mask) return made.append(payload);
        const auto key = [&](std::size_t i) { return *mask >> (24 - 8 * (i % 4)); };
        for (std::size_t i = 0; i != 4; ++i) made += byte(key(i));
        for (std::size_t i = 0; i != payload.size(); ++i) made += byte(static_cast<unsigned char>(payload[i]) ^ key(i));
        return made;
    }

private:
    static char byte(std::uint64_t value) { return static_cast<char>(static_cast<unsigned char>(value)); }
};

/// @{ What a client sends.
inline std::string masked_frame(unsigned first, std::string_view payload) {
    return websocket_bytes{.first = first}(payload);
}
inline std::string masked_text(std::string_view payload) {
    return masked_frame(0x81, payload);
}
/// @}

}  // namespace farcall::testing
