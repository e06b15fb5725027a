#pragma once

#include <string>
#include <vector>

#include <farcall/detail/chrono.hpp>
#include <farcall/page_options.hpp>

namespace farcall {

/// Who may call a server over HTTP and WebSocket, and small choices of both.
///
/// A page of any web site may make the browser of its visitor send requests to a server on the visitor's own machine
/// or network. So a request is served only if its `Host` is one of the server's own names, and, where a page sent it,
/// if the page's `Origin` is allowed. Programs that are no browser send no `Origin` and are not concerned.
/// @see RFC 9110, section 7.4; RFC 6454; https://fetch.spec.whatwg.org, "CORS protocol"
struct http_options {
    /// Names that clients may use in `Host`, such as "api.example.com", "api.example.com:8443" (that port only),
    /// "*.example.com" or "*" (any).
    ///
    /// Always allowed are localhost, names that end in .localhost, loopback addresses, the addresses and names that
    /// the server listens on, and every address in numbers if it listens on all (0.0.0.0 or ::).
    std::vector<std::string> hosts{};
    /// Origins of the web pages that may call, such as "https://app.example.com", or "*" (any). Their browsers are told
    /// so (CORS). The server's own page may always call.
    std::vector<std::string> origins{};
    /// Whether pages of `origins` may send cookies and other credentials of the browser along; not those of "*".
    bool credentials = false;
    /// How long a browser may remember what it was told about `origins`.
    std::chrono::seconds preflight_age{600};
    /// The status of the empty answer to a POST with notifications only: 200, 202 or 204.
    unsigned notification_status = 200;
    /// Which pages there are, and who may see them.
    page_options pages{};
};

}  // namespace farcall
