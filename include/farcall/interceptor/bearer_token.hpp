#pragma once

#include <functional>
#include <string>
#include <utility>

#include <farcall/detail/config.hpp>
#include <farcall/interceptor/intercepted_call.hpp>

namespace farcall {

/// An interceptor that says who calls: header `authorization: Bearer <token>`, on calls that have none of their own.
///
/// For `client_options::attempt_interceptors`, so that each attempt has the token of its moment, and so has the hello
/// that opens a session. Where `cache` or `last_known` are used it belongs into `client_options::interceptors`, in front
/// of them, for they must see whose call it is: all attempts of a call have one token then, and the hello, which only
/// exactly-once calls need, has none unless another one is among `attempt_interceptors`, too. A server checks it by
/// `token_auth`. Whoever can read the connection can read the token: use it where that is nobody, such as on a Unix
/// socket or behind a proxy with TLS on the same machine.
/// @par Errors         `invalid_argument` for a call when there is no token, or one that cannot travel
/// @par Thread safety  As the function.
/// @see RFC 6750, section 2.1
class bearer_token {
public:
    /// @param token  visible ASCII characters
    explicit bearer_token(std::string token) : bearer_token([token = std::move(token)] { return token; }) {}
    /// @param current  is asked for the token of each call; must not block
    explicit bearer_token(std::function<std::string()> current) : current_(std::move(current)) {}

    /// Adds the header.
    FARCALL_DECL void before(intercepted_call& call);

private:
    std::function<std::string()> current_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/bearer_token.ipp>
#endif
