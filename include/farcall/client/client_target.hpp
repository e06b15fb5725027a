#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client_options.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/observe/observer.hpp>
#include <farcall/session/reconnect.hpp>

namespace farcall::detail {

/// What the connections of a client to its server, one after another, share. Lives on the executor.
struct client_target {
    endpoint server;
    client_options options;  ///< with `transport`, `time` and `random` set
    boost::asio::any_io_executor executor;
    reconnect tries{options.reconnect};
    observers watched{options.observers};
    std::string url = server.url();
    std::uint64_t connections = 0;  ///< so far

    /// What events call the connection of that number.
    connection_tag tag(std::uint64_t id) const noexcept {
        const bool http = server.scheme == "http";
        return {call_side::client, id, url, http ? "http" : server.scheme == "ws" ? "websocket" : "native"};
    }
    /// A call was refused because of a limit.
    void tell_limit(std::uint64_t id, std::string_view limit) const {
        if (watched.any()) watched.tell(limit_event{tag(id), limit});
    }
};

}  // namespace farcall::detail
