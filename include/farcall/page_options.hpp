#pragma once

#include <string>
#include <vector>

namespace farcall {

/// What a server tells of itself over HTTP, and to whom.
///
/// Each page obeys, and so does the call that says the same: `rpc.discover` for `/openrpc.json`, `rpc.metrics` for
/// `/metrics`, and so on. `/healthz`, `/readyz` and `rpc.health` do not: a load balancer always gets its answer.
/// `server::listen_pages` gives the pages an address of their own.
struct page_options {
    /// Paths that are not there, such as "/" and "/metrics"; "*": none is.
    std::vector<std::string> hidden{};
    /// Whoever wants a page has to show one of these; empty: anybody may see all. None may be the empty text.
    ///
    /// `server_options::interceptors`, such as `token_auth`, are asked for calls and not for pages. A server that keeps calls
    /// with their arguments (`server_options::debug_calls`) wants tokens here before it starts, unless it listens only on
    /// loopback addresses and those without a port, has called `server::listen_pages`, or hides "/debug/calls".
    ///
    /// A program sends `Authorization: Bearer <token>`, a call the same as metadata. A person is asked by the browser and
    /// gives the token as password, with any name. Both are readable on the way unless the way is trusted or encrypted.
    std::vector<std::string> tokens{};
};

}  // namespace farcall
