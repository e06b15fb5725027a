#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/framing.hpp>

namespace farcall::detail {

/// The server's side of a WebSocket connection whose handshake is done: one JSON-RPC message is one text message.
///
/// Pings are answered here; a peer that breaks the protocol or a limit is told so in a close frame.
/// @see RFC 6455
[[nodiscard]] FARCALL_DECL std::unique_ptr<framing> make_websocket_framing(const limits& bounds);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/websocket/impl/framing.ipp>
#endif
