#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/client_framing.hpp>
#include <farcall/random.hpp>

namespace farcall::detail {

/// The client's side of a WebSocket connection: its handshake, then one JSON-RPC message a text frame, masked.
///
/// @param random  gives the key from which the handshake's nonce and the masks are made; not used later
/// @see RFC 6455
[[nodiscard]] FARCALL_DECL std::unique_ptr<client_framing> make_websocket_client_framing(
    const endpoint& server, const limits& bounds, random_source& random);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/websocket/impl/client_framing.ipp>
#endif
