#pragma once

#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// Whether this may stand in `Sec-WebSocket-Key`: base64 of 16 bytes.
/// @see RFC 6455, section 4.2.1
[[nodiscard]] FARCALL_DECL bool good_websocket_key(std::string_view key) noexcept;

/// What a server says in `Sec-WebSocket-Accept` to a client's key, and a client expects there.
///
/// @param key  as it stands in the header, without white space around it
/// @see RFC 6455, section 4.2.2
[[nodiscard]] FARCALL_DECL std::string websocket_accept(std::string_view key);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/websocket/impl/handshake.ipp>
#endif
