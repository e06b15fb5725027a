#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/http_options.hpp>
#include <farcall/protocol/http/authority.hpp>
#include <farcall/protocol/http/head.hpp>

namespace farcall::detail {

/// Decides which requests are served, by their `Host` and `Origin`, and what browsers are told about it.
///
/// Made once, before the server starts.
/// @par Thread safety  Safe: it does not change.
/// @see http_options
class http_access {
public:
    /// @param bound  names and addresses that the server listens on, without brackets and ports
    /// @par Errors   `farcall::error`, `invalid_argument`: an entry of the options has another form
    FARCALL_DECL http_access(const http_options& options, const std::vector<std::string>& bound);

    /// @returns why the request is not served, 400, 403 or 421; no status if it is
    FARCALL_DECL http_problem check(const http_head& head) const noexcept;

    /// Whether the request asks, before another one, if a page of another origin may send that: a preflight.
    ///
    /// Only after `check` has let it pass.
    FARCALL_DECL bool preflight(const http_head& head) const noexcept;

    /// Appends the lines that a browser wants to see in every response: none if no other origin may call.
    FARCALL_DECL void append_fields(text_buffer& out, const http_head& head) const;
    /// Appends those that it wants to see besides in the response to a preflight.
    FARCALL_DECL void append_preflight_fields(text_buffer& out, const http_head& head) const;

private:
    /// One entry of `http_options::hosts`.
    struct host_rule {
        std::string name;  ///< lower case; for "*.example.com" the part from the dot on
        std::optional<ip_address> ip;
        std::optional<std::uint16_t> port;
        bool below = false;  ///< any name that ends so
    };

    static host_rule read_rule(const std::string& text);
    bool allows_host(std::string_view host) const noexcept;
    bool allows_origin(std::string_view origin) const noexcept;

    std::vector<host_rule> hosts_;
    std::vector<std::string> origins_;
    std::string preflight_age_;
    bool any_host_ = false;
    bool any_address_ = false;
    bool any_origin_ = false;
    bool credentials_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/access.ipp>
#endif
