#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/result.hpp>

namespace farcall {

/// Where a server listens, or a client connects: a URL taken apart.
///
/// | URL | transport |
/// |---|---|
/// | `tcp://host:port` | TCP; host is a name, an IPv4 address or an IPv6 address in brackets; port 0 lets the system choose |
/// | `host:port`, `tcp://:port` | the same; without a host it is 127.0.0.1 |
/// | `unix:///path` | Unix domain socket; a relative path is written `unix:path` |
/// | `ws://host:port/path` | WebSocket over TCP, for clients; port 80 and the path / may be left out |
/// | `http://host:port/path` | HTTP/1.1 over TCP, for clients: each call is a POST to that path |
/// | `memory://name` | inside this process, see transport/memory_transport.hpp |
/// @see RFC 3986
struct endpoint {
    std::string scheme;      ///< "tcp", "unix", "ws", "http", "memory", or that of a transport of the user's
    std::string host;        ///< without brackets; the name for `memory`
    std::uint16_t port = 0;  ///< TCP, WebSocket and HTTP only
    std::string path;        ///< Unix: of the socket; WebSocket and HTTP: from the slash on, with the query

    /// The URL again, such as "tcp://[::1]:5000".
    FARCALL_DECL std::string url() const;

    /// Equal in all parts.
    friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Takes a URL apart.
///
/// @returns `invalid_argument` with the reason and an example if the URL has another form
FARCALL_DECL result<endpoint> parse_endpoint(std::string_view url);

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/impl/endpoint.ipp>
#endif
