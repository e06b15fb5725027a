#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "integration/raw_socket.hpp"
#include "unit/protocol/websocket/frames.hpp"

namespace integration {

/// A WebSocket client made by hand, which can also say what is wrong.
class raw_websocket {
public:
    /// What a server's frame holds. Servers do not fragment what they send here.
    struct frame {
        unsigned first = 0;  ///< FIN, RSV1 to RSV3, opcode.
        std::string payload;

        bool operator==(const frame&) const = default;
    };

    /// @param more  lines of the request besides those that are needed, each with its CRLF
    explicit raw_websocket(raw_socket wire, std::string_view more = {}) : wire_(std::move(wire)) {
        wire_.send(
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
            std::string{more} + "\r\n");
        while (std::optional<std::string> line = wire_.receive_line()) {
            head_ += *line + '\n';
            if (*line == "\r") break;
        }
    }

    /// Of the handshake's response.
    const std::string& head() const { return head_; }

    bool send(std::string_view bytes) { return wire_.send(bytes); }
    bool send_text(std::string_view text) { return send(farcall::testing::masked_text(text)); }
    bool send_frame(unsigned first, std::string_view payload) {
        return send(farcall::testing::masked_frame(first, payload));
    }

    /// @{ The next frame; empty when the peer has closed, or nothing came in time.
    std::optional<frame> receive_frame() { return receive_frame(wire_); }
    static std::optional<frame> receive_frame(raw_socket& wire, std::chrono::milliseconds within = patience) {
        const std::string front = wire.receive_bytes(2, within);
        if (front.size() != 2) return std::nullopt;
        std::uint64_t length = static_cast<unsigned char>(front[1]);
        if (length >= 126) {
            const std::size_t bytes = length == 126 ? 2 : 8;
            length = 0;
            for (const char byte : wire.receive_bytes(bytes)) length = length << 8 | static_cast<unsigned char>(byte);
        }
        return frame{static_cast<unsigned char>(front[0]), wire.receive_bytes(length)};
    }
    /// @}

    /// @{ The next frame's text; "close:1002" of a close frame; empty when the peer has closed, or nothing came in
    /// time.
    std::optional<std::string> receive(std::chrono::milliseconds within = patience) { return receive(wire_, within); }
    static std::optional<std::string> receive(raw_socket& wire, std::chrono::milliseconds within = patience) {
        std::optional<frame> found = receive_frame(wire, within);
        if (!found) return std::nullopt;
        if (found->first == 0x81) return std::move(found->payload);
        if (found->first != 0x88) return "frame:" + std::to_string(found->first);
        if (found->payload.size() < 2) return "close:1005";
        const auto byte = [&](std::size_t at) {
            return static_cast<unsigned>(static_cast<unsigned char>(found->payload[at]));
        };
        return "close:" + std::to_string(byte(0) << 8 | byte(1));
    }
    /// @}

    raw_socket& wire() { return wire_; }

private:
    raw_socket wire_;
    std::string head_;
};

}  // namespace integration
