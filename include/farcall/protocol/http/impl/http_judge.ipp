#pragma once

#include <algorithm>
#include <utility>

#include <farcall/protocol/http/call_fields.hpp>
#include <farcall/protocol/http/http_framing.hpp>
#include <farcall/protocol/websocket/handshake.hpp>

namespace farcall::detail {

/// @file
/// What an HTTP request is, by its head alone.

FARCALL_DECL void http_framing::refuse(unsigned status, std::string text, std::string fields) {
    if (purpose_ == purpose::refusal) return;
    purpose_ = purpose::refusal;
    refusal_ = {status, std::move(text), std::move(fields)};
}

FARCALL_DECL void http_framing::judge(const http_head& head) {
    purpose_ = purpose::message;
    minor_ = head.minor;
    keep_alive_ = head.keep_alive;
    with_body_ = head.method != "HEAD";
    name_.clear();
    // Before everything else, so that a foreign page learns nothing but this.
    if (const http_problem foreign = site_.access().check(head))
        return refuse(foreign.status, std::string{foreign.text});
    site_.access().append_fields(fields_, head);
    const auto expects = head.find("expect");
    if (expects && minor_ == 1 && !same_name(*expects, "100-continue"))
        return refuse(417, "the only Expect that is understood is 100-continue");
    if (head.method == "POST") return judge_post(head);
    if (head.method == "GET" || head.method == "HEAD") return judge_get(head);
    judge_other(head);
}

FARCALL_DECL void http_framing::judge_post(const http_head& head) {
    const auto coding = head.find("content-encoding");
    if (head.count("content-type") > 1) return refuse(400, "the header Content-Type is there twice");
    if (coding && !same_name(*coding, "identity"))
        return refuse(415, "bodies are not compressed here: send no Content-Encoding", "Accept-Encoding: identity\r\n");
    if (!head.query.empty())
        return refuse(400, "a POST takes nothing behind a question mark: arguments go into the body");
    const media_type type = read_media_type(head.find("content-type").value_or(std::string_view{}));
    if (head.path == "/") {
        if (type != media_type::json)
            return refuse(415, "send Content-Type: application/json, in UTF-8, with a JSON-RPC 2.0 message as body");
    } else {
        if (type == media_type::foreign) return refuse(415, "send Content-Type: application/json, in UTF-8");
        if (!decode_path(head.path, name_)) return refuse(400, "the path is no method's name");
        purpose_ = purpose::call;
    }
    std::string problem;
    if (!read_call_fields(head, meta_, problem)) return refuse(400, std::move(problem));
    says_something_ = meta_.timeout || meta_.trailers || !meta_.idempotency_key.empty() || !meta_.traceparent.empty() ||
                      !meta_.tracestate.empty() || !meta_.headers.empty();
}

FARCALL_DECL void http_framing::judge_get(const http_head& head) {
    if (head.has_body()) return refuse(400, "a " + std::string{head.method} + " has no body; calls are made by POST");
    if (head.method == "GET" && minor_ == 1 && head.list_has("upgrade", "websocket") &&
        head.list_has("connection", "upgrade"))
        return judge_upgrade(head);
    purpose_ = purpose::page;
    name_ = head.path;
    // Who shows two tokens shows none.
    authorization_ = head.count("authorization") == 1 ? *head.find("authorization") : std::string_view{};
}

FARCALL_DECL void http_framing::judge_upgrade(const http_head& head) {
    const auto key = head.find("sec-websocket-key");
    if (head.path != "/") return refuse(404, "the WebSocket of this server is at /");
    if (head.count("sec-websocket-version") != 1 || *head.find("sec-websocket-version") != "13")
        return refuse(426, "the version of the WebSocket protocol is 13 here",
                      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    if (head.count("sec-websocket-key") != 1 || !good_websocket_key(*key))
        return refuse(400, "the header Sec-WebSocket-Key is there once, with 16 bytes in base64");
    if (draining_)
        return refuse(503, "the server takes no more connections; connect again later, or to another server");
    purpose_ = purpose::upgrade;
    accept_ = websocket_accept(*key);
}

FARCALL_DECL std::string http_framing::allowed(std::string_view path) const {
    if (path == "/" || path == "*") return "Allow: GET, HEAD, POST\r\n";
    return site_.has_page({.path = path, .offered = offers_pages_}) ? "Allow: GET, HEAD\r\n" : "Allow: POST\r\n";
}

FARCALL_DECL void http_framing::judge_other(const http_head& head) {
    if (site_.access().preflight(head)) {
        site_.access().append_preflight_fields(fields_, head);
        purpose_ = purpose::preflight;
        return;
    }
    constexpr std::string_view known[] = {"OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"};
    if (std::find(std::begin(known), std::end(known), head.method) == std::end(known))
        return refuse(501, "this HTTP method is not known here; calls are made by POST");
    refuse(405, "calls are made by POST", allowed(head.path));
}

}  // namespace farcall::detail
