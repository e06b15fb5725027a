#pragma once

#include <map>

#include <farcall/interceptor/logging.hpp>
#include <farcall/observe/call_log.hpp>
#include <farcall/observe/secret_headers.hpp>

namespace farcall {

namespace detail {

/// When a call came to each `logging` that it passes: one may pass several.
struct logged_since {
    std::map<const void*, time_point> began;
};

/// "tenant: a7; authorization: (secret)".
inline std::string printed_headers(const metadata& headers) {
    std::string text;
    for (const auto& [key, value] : headers) {
        if (!text.empty()) text += "; ";
        text += key;
        text += ": ";
        text += secret_header(key) ? "(secret)" : value;
    }
    return text;
}

}  // namespace detail

FARCALL_DECL void logging::before(intercepted_call& call) const {
    call.local<detail::logged_since>().began[this] = call.now();
}

FARCALL_DECL void logging::after(intercepted_call& call, call_outcome& end) const {
    const auto fill = [&](log_line& line) { print(line, call, end); };
    if (end.failure)
        log_.write_limited(detail::level_of(end.status()), "call failed", fill);
    else
        log_.write(options_.answered, "call", fill);
}

FARCALL_DECL void logging::print(log_line& line, intercepted_call& call, const call_outcome& end) const {
    line.field("method", call.method)
        .field_if("id", call.id)
        .field("status", to_string(end.status()))
        .field("us", call.now() - call.local<detail::logged_since>().began[this])
        .field("params_bytes", call.params.size())
        .field("result_bytes", end.result.size());
    if (call.attempt != 1) line.field("attempt", call.attempt);
    if (end.stale) line.field("stale", true);
    line.field("side", to_string(call.side));
    if (call.peer) line.field("connection", call.peer->id);
    line.field_if("peer", call.peer ? std::string_view{call.peer->address} : std::string_view{call.server})
        .field_if("principal", call.principal)
        .field_if("request_id", call.headers.get("x-request-id").value_or(std::string_view{}))
        .field_if("traceparent", call.trace.traceparent);
    if (end.failure) detail::print(line, *end.failure);
    if (options_.headers) line.field("headers", detail::printed_headers(call.headers), 1'024);
    detail::print_params(line, call.method, call.params, options_.params, options_.redact);
}

}  // namespace farcall
