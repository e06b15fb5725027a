#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/limits.hpp>
#include <farcall/protocol/framing.hpp>
#include <farcall/protocol/http/access.hpp>

namespace farcall::detail {

/// What is answered to a GET.
struct http_page {
    unsigned status = 200;
    std::string content_type{};
    std::string body{};
    /// `Content-Security-Policy`: what a browser lets the page do. Empty: it is data, which does nothing.
    std::string security_policy{};
    /// Further lines of the response's head, each with its CR LF.
    std::string fields{};
};

/// What a GET says that decides what it gets.
struct http_page_request {
    std::string_view path{};           ///< such as "/healthz", as it was sent
    std::string_view authorization{};  ///< the header of that name, if it is there once; empty: nothing
    bool offered = true;               ///< whether pages are shown at the address that was asked
};

/// What one server offers over HTTP. Shared by its connections, and outlives them.
///
/// @par Thread safety  Safe.
class http_site {
public:
    virtual ~http_site() = default;

    virtual const http_access& access() const noexcept = 0;
    virtual const farcall::limits& limits() const noexcept = 0;
    /// The status of the empty answer to notifications.
    virtual unsigned notification_status() const noexcept = 0;

    /// Whether `page` has something to show or to say, without making it.
    virtual bool has_page(const http_page_request& wanted) const = 0;
    /// The page at a path, or why it is not shown; nothing if there is none. Never runs a method of the application.
    virtual std::optional<http_page> page(const http_page_request& wanted) const = 0;
    /// Whether a method has this name, so that a POST would be right where something else came; as far as whoever asks
    /// may know the names.
    virtual bool has_method(std::string_view name, const http_page_request& asked) const = 0;
    /// What goes on behind a WebSocket's handshake.
    virtual std::unique_ptr<framing> websocket() const = 0;
};

}  // namespace farcall::detail
