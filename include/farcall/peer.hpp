#pragma once

#include <any>
#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/notifier.hpp>

namespace farcall {

namespace detail {

/// An address without its port: "127.0.0.1" of "127.0.0.1:40312".
constexpr std::string_view host_of(std::string_view address) noexcept { return address.substr(0, address.rfind(':')); }

}  // namespace detail

/// One connection, as a server's callbacks and handlers see it.
///
/// @par Thread safety  `state` belongs to the connection's I/O thread: plain handlers and coroutines of one connection
///                     share it without a lock; a `blocking` method must lock what it keeps there.
struct peer {
    /// Counts the server's connections from 1.
    std::uint64_t id = 0;
    /// Where it comes from, such as "127.0.0.1:40312"; "unix:0" and "memory:0" where there is no address.
    std::string address{};
    /// Who the client has proved to be; empty: anybody. Sessions and idempotency keys belong to it: another one's are
    /// unknown. Set in the connect callback; nothing of the library does as long as there is no authentication.
    std::string principal{};
    /// Tells the client what happens, unasked; a copy of it may be kept. Connected from the client's first message on.
    farcall::notifier notifier{};
    /// Anything that the application keeps for this connection; destroyed after the disconnect callback.
    std::any state{};
};

}  // namespace farcall
