#pragma once

#include <farcall/transport/memory_transport.hpp>
#include <farcall/transport/tcp_transport.hpp>
#include <farcall/transport/transport_for.hpp>
#include <farcall/transport/unix_transport.hpp>

namespace farcall {

FARCALL_DECL result<std::shared_ptr<transport>> transport_for(const endpoint& where) {
    // WebSocket and HTTP are what goes over TCP there; what they mean is the client's business.
    if (where.scheme == "tcp" || where.scheme == "ws" || where.scheme == "http")
        return std::shared_ptr<transport>{std::make_shared<tcp_transport>()};
    if (where.scheme == "unix") return std::shared_ptr<transport>{std::make_shared<unix_transport>()};
    if (where.scheme == "memory") return std::shared_ptr<transport>{memory_transport::shared()};
    return error{status::invalid_argument, "no transport for \"" + where.scheme +
                                               "://\"; use tcp://, unix://, ws://, http:// or memory://, or set the option `transport`"}
        .with_executed(executed::no);
}

}  // namespace farcall
