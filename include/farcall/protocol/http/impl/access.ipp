#pragma once

#include <algorithm>

#include <farcall/detail/json_text.hpp>
#include <farcall/error.hpp>
#include <farcall/protocol/http/access.hpp>

namespace farcall::detail {

FARCALL_DECL http_access::http_access(const http_options& options, const std::vector<std::string>& bound)
    : preflight_age_(std::to_string(std::max<std::chrono::seconds::rep>(options.preflight_age.count(), 0))),
      credentials_(options.credentials) {
    for (const std::string& text : options.hosts) {
        if (text == "*")
            any_host_ = true;
        else
            hosts_.push_back(read_rule(text));
    }
    for (const std::string& name : bound) {
        const auto ip = read_ip(name);
        if (ip && ip->any()) any_address_ = true;
        hosts_.push_back({.name = lower_case(name), .ip = ip, .port = {}});
    }
    for (const std::string& text : options.origins) {
        const std::size_t slashes = text.find("://");
        const bool whole = slashes != std::string::npos && slashes != 0 && read_authority(text.substr(slashes + 3));
        if (text == "*")
            any_origin_ = true;
        else if (whole || text == "null")
            origins_.push_back(lower_case(text));
        else
            throw error{status::invalid_argument, "server_options::http.origins: \"" + text +
                                                      "\" is no origin; write https://app.example.com, without a path"};
    }
}

FARCALL_DECL http_access::host_rule http_access::read_rule(const std::string& text) {
    host_rule made;
    made.below = text.starts_with("*.");
    const auto found = read_authority(std::string_view{text}.substr(made.below ? 2 : 0));
    if (!found || (made.below && found->ip))
        throw error{status::invalid_argument,
                    "server_options::http.hosts: \"" + text +
                        "\" is no host; write api.example.com, api.example.com:8443, *.example.com or *"};
    made.name = (made.below ? "." : "") + lower_case(found->host);
    made.ip = found->ip;
    made.port = found->port;
    return made;
}

FARCALL_DECL bool http_access::allows_host(std::string_view host) const noexcept {
    if (any_host_) return true;
    const auto wanted = read_authority(host);
    if (!wanted) return false;
    if (wanted->ip) {
        if (wanted->ip->loopback() || any_address_) return true;
    } else if (same_name(wanted->host, "localhost") ||
               (wanted->host.size() > 10 && same_name(wanted->host.substr(wanted->host.size() - 10), ".localhost"))) {
        return true;
    }
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const host_rule& rule) {
        if (rule.port && rule.port != wanted->port) return false;
        if (rule.ip || wanted->ip) return rule.ip == wanted->ip;
        if (!rule.below) return same_name(rule.name, wanted->host);
        return wanted->host.size() > rule.name.size() &&
               same_name(rule.name, wanted->host.substr(wanted->host.size() - rule.name.size()));
    });
}

FARCALL_DECL bool http_access::allows_origin(std::string_view origin) const noexcept {
    return any_origin_ || std::any_of(origins_.begin(), origins_.end(),
                                      [&](const std::string& each) { return same_name(each, origin); });
}

FARCALL_DECL http_problem http_access::check(const http_head& head) const noexcept {
    if (!head.host.empty() && !allows_host(head.host))
        return {421,
                "the header Host is no name of this server: use localhost or an address that it listens on, or add "
                "the name to server_options::http.hosts"};
    constexpr http_problem foreign{403,
                                   "a web page of this origin may not call this server; its origin can be added to "
                                   "server_options::http.origins"};
    const std::size_t origins = head.count("origin");
    if (origins > 1) return {400, "the header Origin is there twice"};
    if (origins == 0) {
        // A browser so old that its forms do not say where they come from does not send this either; one that says it
        // without an origin shall not pass for a program.
        const auto site = head.find("sec-fetch-site");
        const bool reads = head.method == "GET" || head.method == "HEAD";
        if (!reads && site && !same_name(*site, "same-origin") && !same_name(*site, "none")) return foreign;
        return {};
    }
    const std::string_view origin = *head.find("origin");
    // The server's own page, maybe behind a proxy that ends TLS.
    for (const std::string_view scheme : {std::string_view{"http://"}, std::string_view{"https://"}})
        if (!head.host.empty() && origin.size() == scheme.size() + head.host.size() &&
            same_name(origin.substr(0, scheme.size()), scheme) && same_name(origin.substr(scheme.size()), head.host))
            return {};
    return allows_origin(origin) ? http_problem{} : foreign;
}

FARCALL_DECL bool http_access::preflight(const http_head& head) const noexcept {
    const auto origin = head.find("origin");
    return head.method == "OPTIONS" && origin && head.find("access-control-request-method") && allows_origin(*origin);
}

FARCALL_DECL void http_access::append_fields(text_buffer& out, const http_head& head) const {
    if (origins_.empty() && !any_origin_) return;
    // A cache must not give one origin's answer to another.
    append_literal(out, "Vary: Origin\r\n");
    const auto origin = head.find("origin");
    if (!origin || !allows_origin(*origin)) return;
    const bool listed = std::any_of(origins_.begin(), origins_.end(),
                                    [&](const std::string& each) { return same_name(each, *origin); });
    append_literal(out, "Access-Control-Allow-Origin: ");
    out.append(listed ? *origin : std::string_view{"*"});
    append_literal(out, "\r\n");
    if (credentials_ && listed) append_literal(out, "Access-Control-Allow-Credentials: true\r\n");
}

FARCALL_DECL void http_access::append_preflight_fields(text_buffer& out, const http_head& head) const {
    append_literal(out, "Access-Control-Allow-Methods: POST, GET, HEAD\r\n");
    const auto fields = head.find("access-control-request-headers");
    if (fields && !fields->empty()) {
        append_literal(out, "Access-Control-Allow-Headers: ");
        out.append(*fields);
        append_literal(out, "\r\n");
    }
    if (head.list_has("access-control-request-private-network", "true"))
        append_literal(out, "Access-Control-Allow-Private-Network: true\r\n");
    append_literal(out, "Access-Control-Max-Age: ");
    out.append(preflight_age_);
    append_literal(out, "\r\n");
}

}  // namespace farcall::detail
