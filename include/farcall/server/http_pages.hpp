#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/protocol/http/site.hpp>
#include <farcall/server/server_shared.hpp>

namespace farcall::detail {

/// What one server offers over HTTP: who may call, its pages, and WebSockets.
///
/// Its own pages are `/healthz`, which answers as long as the server lives, and `/readyz`, which is a 503 while the
/// server starts, drains, or was told that it does not want calls; `/readyz/Service` says the same of one service. All
/// others obey `page_access`: `/openrpc.json` is the document of its methods, and `/` shows it to a person, who can call
/// them there.
/// @par Thread safety  Filled before the server starts; safe to read.
class http_pages final : public http_site {
public:
    /// Makes a page. Called on any of the server's threads, for every GET and HEAD of its path.
    using page_maker = std::function<http_page()>;

    /// @param shared  must outlive this
    /// @param bound   names and addresses that the server listens on
    /// @par Errors    `farcall::error`, `invalid_argument`: `server_options::http` says what cannot be
    FARCALL_DECL http_pages(server_shared& shared, const std::vector<std::string>& bound);

    /// Offers a page at a path such as "/openrpc.json", to those who may see it.
    /// @param there  false: the server has no such page as it was told, and who hides it is right
    FARCALL_DECL void add(std::string path, page_maker make, bool there = true);

    const http_access& access() const noexcept override { return access_; }
    FARCALL_DECL const farcall::limits& limits() const noexcept override;
    FARCALL_DECL unsigned notification_status() const noexcept override;
    /// After the last page was added.
    /// @par Errors  `farcall::error`, `invalid_argument`: a page is to be hidden that is not there
    FARCALL_DECL void check_hidden() const;

    FARCALL_DECL bool has_page(const http_page_request& wanted) const override;
    FARCALL_DECL std::optional<http_page> page(const http_page_request& wanted) const override;
    FARCALL_DECL bool has_method(std::string_view name, const http_page_request& asked) const override;
    FARCALL_DECL std::unique_ptr<framing> websocket() const override;

private:
    std::optional<http_page> health_page(std::string_view path) const;

    server_shared& shared_;
    http_access access_;
    std::map<std::string, page_maker, std::less<>> pages_;  ///< without a maker: it is not there
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/http_pages.ipp>
#endif
