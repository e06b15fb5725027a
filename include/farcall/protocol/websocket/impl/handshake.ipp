#pragma once

#include <array>
#include <cstddef>

#include <farcall/codec/base64.hpp>
#include <farcall/detail/sha1.hpp>
#include <farcall/protocol/websocket/handshake.hpp>

namespace farcall::detail {

FARCALL_DECL bool good_websocket_key(std::string_view key) noexcept {
    std::array<std::byte, 16> bytes;
    std::size_t size = 0;
    return base64_decoded_size(key, size) && size == bytes.size() && base64_decode(key, bytes.data());
}

FARCALL_DECL std::string websocket_accept(std::string_view key) {
    const std::array digest = sha1(std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    std::string text(base64_size(digest.size()), '\0');
    base64_encode(digest.data(), digest.size(), text.data());
    return text;
}

}  // namespace farcall::detail
