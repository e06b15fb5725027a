#pragma once

#include <string>

#include <farcall/endpoint.hpp>

namespace farcall::detail {

/// What a client says in `Host`: host and port as the URL has them, without the port that HTTP has anyway.
/// @see RFC 9110, section 7.2; RFC 6874, section 3: the zone of an IPv6 address is nobody else's business
inline std::string http_host(const endpoint& server) {
    std::string host = server.host;
    if (host.find(':') != std::string::npos) host = '[' + host.substr(0, host.find('%')) + ']';
    if (server.port != 80) host += ':' + std::to_string(server.port);
    return host;
}

}  // namespace farcall::detail
