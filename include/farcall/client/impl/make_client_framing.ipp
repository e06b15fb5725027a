#pragma once

#include <farcall/client/make_client_framing.hpp>
#include <farcall/protocol/http/client_framing.hpp>
#include <farcall/protocol/websocket/client_framing.hpp>
#include <farcall/random.hpp>

namespace farcall::detail {

FARCALL_DECL std::unique_ptr<client_framing> make_client_framing(const endpoint& server, const client_options& options) {
    if (server.scheme == "http") return make_http_client_framing(server, options.limits);
    if (server.scheme == "ws") return make_websocket_client_framing(server, options.limits, *options.random);
    return nullptr;
}

}  // namespace farcall::detail
