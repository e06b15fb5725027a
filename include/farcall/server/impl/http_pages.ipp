#pragma once

#include <utility>

#include <farcall/detail/error_code.hpp>
#include <farcall/observe/prometheus_writer.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/protocol/http/call_fields.hpp>
#include <farcall/protocol/http/reply.hpp>
#include <farcall/protocol/websocket/framing.hpp>
#include <farcall/server/http_pages.hpp>
#include <farcall/server/metrics_page.hpp>
#include <farcall/server/page.hpp>

namespace farcall::detail {

FARCALL_DECL http_pages::http_pages(server_shared& shared, const std::vector<std::string>& bound)
    : shared_(shared), access_(shared.options.http, bound) {
    const unsigned notified = shared.options.http.notification_status;
    if (notified != 200 && notified != 202 && notified != 204)
        throw error{status::invalid_argument, "server_options::http.notification_status is " +
                                                  std::to_string(notified) + "; choose 200, 202 or 204"};
    add("/", [] {
        return http_page{.content_type = "text/html; charset=utf-8",
                         .body = page_text(),
                         .security_policy = std::string{page_security_policy}};
    });
    add("/openrpc.json", [&shared] {
        return http_page{.content_type = std::string{json_type},
                         .body = shared.openrpc.text(shared.methods, shared.options)};
    });
    add("/debug/calls",
        [&shared] {
            return http_page{.content_type = std::string{json_type}, .body = *shared.debug_text()};
        },
        shared.options.debug_calls != nullptr);
    add("/metrics",
        [&shared] {
            return http_page{.content_type = std::string{prometheus_writer::content_type},
                             .body = *shared.told.page.get(shared.time->now(),
                                                           [&] { return metrics_page_text(shared); })};
        },
        shared.options.metrics);
}

FARCALL_DECL void http_pages::add(std::string path, page_maker make, bool there) {
    pages_.insert_or_assign(std::move(path), there ? std::move(make) : page_maker{});
}

FARCALL_DECL const farcall::limits& http_pages::limits() const noexcept { return shared_.options.limits; }

FARCALL_DECL unsigned http_pages::notification_status() const noexcept {
    return shared_.options.http.notification_status;
}

FARCALL_DECL void http_pages::check_hidden() const {
    for (const std::string& path : shared_.pages.hidden_paths()) {
        if (pages_.contains(path)) continue;
        std::string all;
        for (const auto& [each, make] : pages_) all += (all.empty() ? "" : ", ") + each;
        throw error{status::invalid_argument, "server_options::http.pages.hidden: there is no page \"" + path +
                                                  "\" that could be hidden; there are " + all +
                                                  ", and * for all of them"};
    }
}

/// What is shown in place of a page to whoever has no token for it. A browser asks for one then.
inline http_page locked_page() {
    text_buffer body;
    append_literal(body, "{\"error\":");
    append_error_object(body, code_of(status::unauthenticated),
                        "this page wants a token: send Authorization: Bearer with it, or give it as password");
    body.push_back('}');
    return {.status = 401,
            .content_type = std::string{json_type},
            .body = std::string{body.view()},
            .fields = "WWW-Authenticate: Basic realm=\"pages of this server\", charset=\"UTF-8\"\r\n"
                      "WWW-Authenticate: Bearer\r\n"};
}

FARCALL_DECL bool http_pages::has_page(const http_page_request& wanted) const {
    const auto found = pages_.find(wanted.path);
    if (found == pages_.end() || !found->second) return health_page(wanted.path).has_value();
    return shared_.pages.look(wanted.path, wanted.offered, wanted.authorization) != page_access::verdict::absent;
}

FARCALL_DECL std::optional<http_page> http_pages::page(const http_page_request& wanted) const {
    const auto found = pages_.find(wanted.path);
    if (found == pages_.end() || !found->second) return health_page(wanted.path);
    switch (shared_.pages.look(wanted.path, wanted.offered, wanted.authorization)) {
        case page_access::verdict::absent: return std::nullopt;
        case page_access::verdict::locked: return locked_page();
        case page_access::verdict::shown: break;
    }
    return found->second();
}

FARCALL_DECL std::optional<http_page> http_pages::health_page(std::string_view path) const {
    if (path == "/healthz") return http_page{.content_type = std::string{json_type}, .body = R"({"status":"alive"})"};
    constexpr std::string_view front = "/readyz";
    std::string service;
    if (!path.starts_with(front)) return std::nullopt;
    if (path.size() != front.size()) {
        const std::string_view rest = path.substr(front.size());
        if (!rest.starts_with('/') || !decode_path(rest, service) || service.empty()) return std::nullopt;
    }
    const auto serving = shared_.wanted.serving(service);
    if (!serving) return std::nullopt;
    text_buffer body;
    shared_.wanted.append(body, service);
    return http_page{
        .status = *serving ? 200u : 503u, .content_type = std::string{json_type}, .body = std::string{body.view()}};
}

FARCALL_DECL bool http_pages::has_method(std::string_view name, const http_page_request& asked) const {
    // To whom the names of the methods are not told, none is told by guessing either.
    return shared_.pages.look("/openrpc.json", asked.offered, asked.authorization) == page_access::verdict::shown &&
           shared_.methods.find(name) != nullptr;
}

FARCALL_DECL std::unique_ptr<framing> http_pages::websocket() const { return make_websocket_framing(limits()); }

}  // namespace farcall::detail
