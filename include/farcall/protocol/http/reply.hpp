#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <farcall/detail/error_code.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/http/problem.hpp>

namespace farcall::detail {

/// What a response says apart from its body.
struct http_reply {
    unsigned status = 200;
    std::string_view content_type{};  ///< empty: there is no body
    std::string_view fields{};        ///< further lines, each with its CR LF
    std::string_view more_fields{};   ///< the same, behind them
    unsigned minor = 1;               ///< of the request's version
    bool keep_alive = true;
};

inline constexpr std::string_view json_type = "application/json";

/// Appends the head of a response.
///
/// @param length  of the body; that of a body which a HEAD did not want, too
/// @see RFC 9112, sections 4 and 6.3; RFC 9110, section 8.6: a 204 has no length
inline void append_http_head(text_buffer& out, const http_reply& reply, std::size_t length) {
    append_literal(out, "HTTP/1.1 ");
    append_integer(out, reply.status);
    out.push_back(' ');
    out.append(http_reason(reply.status));
    if (!reply.content_type.empty()) {
        append_literal(out, "\r\nContent-Type: ");
        out.append(reply.content_type);
    }
    if (reply.status != 204 && reply.status >= 200) {
        append_literal(out, "\r\nContent-Length: ");
        append_integer(out, length);
    }
    if (!reply.keep_alive)
        append_literal(out, "\r\nConnection: close");
    else if (reply.minor == 0)
        append_literal(out, "\r\nConnection: keep-alive");
    append_literal(out, "\r\n");
    out.append(reply.fields);
    out.append(reply.more_fields);
    append_literal(out, "\r\n");
}

/// Appends a response.
/// @param with_body  false for the answer to a HEAD
inline void append_http_reply(text_buffer& out, const http_reply& reply, std::string_view body, bool with_body = true) {
    append_http_head(out, reply, body.size());
    if (with_body) out.append(body);
}

/// Puts the head of a response in front of its body, which is everything behind `mark`.
/// @param scratch  memory that is used again
inline void wrap_http_reply(text_buffer& out, std::size_t mark, const http_reply& reply, text_buffer& scratch) {
    const std::size_t length = out.size() - mark;
    scratch.clear();
    append_http_head(scratch, reply, length);
    out.insert(mark, scratch.view());
}

/// The status of the answer to a call without an envelope that ended with an error.
///
/// @param code  JSON-RPC's `error.code`
/// @see google.rpc.Code, whose HTTP mapping this is; 499 is nginx's
constexpr unsigned http_status_of(std::int64_t code) noexcept {
    switch (code) {
        case code_parse_error:
        case code_invalid_request: return 400;
        case code_method_not_found: return 404;
        default: break;
    }
    switch (status_of(code)) {
        case status::cancelled: return 499;
        case status::invalid_argument:
        case status::failed_precondition:
        case status::out_of_range: return 400;
        case status::unauthenticated: return 401;
        case status::permission_denied: return 403;
        case status::not_found: return 404;
        case status::already_exists:
        case status::aborted: return 409;
        case status::resource_exhausted: return 429;
        case status::unimplemented: return 501;
        case status::unavailable: return 503;
        case status::deadline_exceeded: return 504;
        default: return 500;
    }
}

/// The number that stands in the body of a response which says a problem of HTTP's.
constexpr std::int64_t code_of_http(unsigned number) noexcept {
    switch (number) {
        case 403: return code_of(status::permission_denied);
        case 404: return code_of(status::not_found);
        case 503: return code_of(status::unavailable);
        default: return code_invalid_request;
    }
}

}  // namespace farcall::detail
