#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <farcall/detail/text_buffer.hpp>
#include <farcall/detail/utf8.hpp>
#include <farcall/protocol/websocket/frame.hpp>

namespace farcall::detail {

/// @file
/// Frames of WebSocket, appended to a buffer. All are final: nothing that is sent is fragmented or compressed.
/// A server's frames have no mask; a client's have a fresh one each, from randomness that the peer cannot foresee.

/// Makes a frame of everything in `out` behind `mark`.
///
/// @see RFC 6455, section 5.2
inline void end_websocket_frame(text_buffer& out, std::size_t mark, std::optional<std::uint32_t> mask = {},
                                websocket_opcode what = websocket_opcode::text) {
    char header[longest_websocket_header];
    std::size_t size = 0;
    const auto put = [&](std::uint64_t number, std::size_t bytes) {
        for (; bytes != 0; --bytes)
            header[size++] = static_cast<char>(static_cast<unsigned char>(number >> 8 * (bytes - 1)));
    };
    const std::size_t length = out.size() - mark;
    const std::uint64_t masked = mask ? 0x80 : 0;
    put(0x80u | static_cast<unsigned>(what), 1);
    if (length < 126) {
        put(masked | length, 1);
    } else if (length <= 0xFFFF) {
        put(masked | 126, 1);
        put(length, 2);
    } else {
        put(masked | 127, 1);
        put(length, 8);
    }
    if (mask) {
        put(*mask, 4);
        apply_websocket_mask(out.data() + mark, out.view().substr(mark), *mask);
    }
    out.insert(mark, {header, size});
}

/// Appends a ping, or the pong that answers one.
///
/// @param payload  at most `longest_websocket_control` bytes
inline void append_websocket_control(text_buffer& out, websocket_opcode what, std::string_view payload,
                                     std::optional<std::uint32_t> mask = {}) {
    const std::size_t mark = out.size();
    out.append(payload);
    end_websocket_frame(out, mark, mask, what);
}

/// Appends a close frame, after which nothing more is sent.
///
/// @param code    `nothing_said`: neither code nor reason are sent, as an answer to a close frame that has none
/// @param reason  for people; cut to what fits
inline void append_websocket_close(text_buffer& out, websocket_close code, std::string_view reason,
                                   std::optional<std::uint32_t> mask = {}) {
    const std::size_t mark = out.size();
    if (code != websocket_close::nothing_said) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(static_cast<unsigned>(code) >> 8)));
        out.push_back(static_cast<char>(static_cast<unsigned char>(static_cast<unsigned>(code))));
        out.append(cut_utf8(reason, longest_websocket_control - 2));
    }
    end_websocket_frame(out, mark, mask, websocket_opcode::close);
}

}  // namespace farcall::detail
