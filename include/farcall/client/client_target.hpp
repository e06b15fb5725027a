#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client_options.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/session/reconnect.hpp>

namespace farcall::detail {

/// What the connections of a client to its server, one after another, share. Lives on the executor.
struct client_target {
    endpoint server;
    client_options options;  ///< with `transport`, `time` and `random` set
    boost::asio::any_io_executor executor;
    reconnect tries{options.reconnect};
};

}  // namespace farcall::detail
