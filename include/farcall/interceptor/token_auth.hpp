#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/detail/authorization.hpp>
#include <farcall/error.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/same_secret.hpp>

namespace farcall {

/// A token, and to whom it belongs.
struct token_owner {
    std::string token;      ///< not empty
    std::string principal;  ///< who shows it; not empty
};

/// An interceptor of a server that refuses calls without a good token, as metadata or header
/// `authorization: Bearer <token>`: `unauthenticated`, executed no.
///
/// Whoever has shown one is the call's `principal` for what is further in, and for the handler (`context::principal`).
/// It belongs to the call and not to the connection, which calls of several callers may share; so nothing is taken over
/// from one call to the next, and each has to show its own. Sessions and idempotency keys belong to it, too.
///
/// Not asked for are `rpc.health`, side messages and the pages (see `page_options`), which are no calls. A token can be
/// read on the way unless that is trusted or encrypted.
/// @par Thread safety  Safe, if the function is: it runs on all I/O threads of the server.
/// @par Example        examples/15_interceptors.cpp
class token_auth {
public:
    /// Says to whom a token belongs; nothing: to nobody. It should be quick, and compare with `same_secret`. It may throw
    /// a `farcall::error` of its own; an empty principal is none.
    using checker = std::function<std::optional<std::string>(std::string_view token)>;

    /// @param exempt  names of methods that need no token, such as "rpc.discover"; with one that is good they have a
    ///                principal, too
    explicit token_auth(checker check, std::vector<std::string> exempt = {})
        : check_(std::move(check)), exempt_(std::move(exempt)) {}

    /// With a fixed list, whose tokens are compared in a time that tells nothing.
    /// @par Errors  `farcall::error`, `invalid_argument`: a token or a principal is empty
    explicit token_auth(std::vector<token_owner> owners, std::vector<std::string> exempt = {})
        : token_auth(checker_of(std::move(owners)), std::move(exempt)) {}

    /// @see farcall::intercepting
    void before(intercepted_call& call) const {
        const auto token = token_of(call);
        if (token) {
            if (auto owner = check_(*token); owner && !owner->empty()) {
                call.principal = *std::move(owner);
                return;
            }
        }
        if (std::find(exempt_.begin(), exempt_.end(), call.method) != exempt_.end()) return;
        throw error{status::unauthenticated,
                    token ? "the token is not good, or not any more; get another one"
                          : "this server wants a token: send it as metadata, authorization: Bearer and the token"};
    }

private:
    static std::optional<std::string_view> token_of(const intercepted_call& call) {
        const auto said = call.headers.get("authorization");
        if (!said) return std::nullopt;
        const auto shown = detail::parse_authorization(*said);
        if (!shown || !shown->is("bearer")) return std::nullopt;
        return shown->credentials;
    }

    static checker checker_of(std::vector<token_owner> owners) {
        for (const token_owner& each : owners)
            if (each.token.empty() || each.principal.empty())
                throw error{status::invalid_argument, "token_auth: a token or its principal is empty; say which it is"};
        return [owners = std::move(owners)](std::string_view token) {
            // All of them, so that the time does not tell which one it was.
            std::optional<std::string> found;
            for (const token_owner& each : owners)
                if (same_secret(each.token, token)) found = each.principal;
            return found;
        };
    }

    checker check_;
    std::vector<std::string> exempt_;
};

}  // namespace farcall
