#pragma once

#include <algorithm>
#include <iterator>

#include <farcall/detail/utf8.hpp>
#include <farcall/protocol/http/call_fields.hpp>

namespace farcall::detail {

/// The field by which a caller over HTTP says `meta.trailers`.
inline constexpr std::string_view trailers_field = "farcall-trailers";

FARCALL_DECL bool field_of_http(std::string_view name) noexcept {
    constexpr std::string_view whole[] = {
        "host",    "connection", "keep-alive", "te",     "trailer", "transfer-encoding",
        "upgrade", "expect",     "accept",     "cookie", "origin",  "http2-settings"};
    constexpr std::string_view fronts[] = {"content-", "accept-", "sec-", "proxy-", "access-control-"};
    const auto begins = [name](std::string_view front) {
        return name.size() > front.size() && same_name(name.substr(0, front.size()), front);
    };
    return std::any_of(std::begin(whole), std::end(whole),
                       [name](std::string_view each) { return same_name(name, each); }) ||
           std::any_of(std::begin(fronts), std::end(fronts), begins);
}

FARCALL_DECL bool field_is_metadata(std::string_view name) noexcept {
    constexpr std::string_view meant[] = {"timeout-ms", "idempotency-key", trailers_field, "traceparent",
                                          "tracestate"};
    return !field_of_http(name) && std::none_of(std::begin(meant), std::end(meant),
                                                [name](std::string_view each) { return same_name(name, each); });
}

inline bool read_timeout_field(std::string_view value, call_meta& meta) {
    if (meta.timeout || value.empty()) return false;
    std::uint64_t number = 0;
    for (const char c : value) {
        if (!ascii_digit(c)) return false;
        number = std::min(number * 10 + static_cast<std::uint64_t>(c - '0'), longest_meta_timeout);
    }
    meta.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(number)};
    return true;
}

inline bool read_key_field(std::string_view value, call_meta& meta) {
    if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (!meta.idempotency_key.empty() || value.empty() || value.size() > longest_idempotency_key) return false;
    for (const char c : value)
        if (c < 0x20 || c > 0x7E || c == '"' || c == '\\') return false;
    meta.idempotency_key = value;
    return true;
}

FARCALL_DECL bool read_call_fields(const http_head& head, call_meta& meta, std::string& problem) {
    meta.clear();
    for (const http_field& each : head.fields) {
        if (field_of_http(each.name) || head.list_has("connection", each.name)) continue;
        if (same_name(each.name, "timeout-ms")) {
            if (!read_timeout_field(each.value, meta)) {
                problem = "the header Timeout-Ms is one whole number of milliseconds, such as 200";
                return false;
            }
        } else if (same_name(each.name, "idempotency-key")) {
            if (!read_key_field(each.value, meta)) {
                problem =
                    "the header Idempotency-Key is there once, with 1 to 256 printable ASCII characters and no "
                    "quote or backslash in them";
                return false;
            }
        } else if (same_name(each.name, trailers_field)) {
            meta.trailers = each.value == "true";
            if (!meta.trailers && each.value != "false") {
                problem = "the header Farcall-Trailers is true or false";
                return false;
            }
        } else if (same_name(each.name, "traceparent") && each.value.size() <= trace_context::longest_traceparent) {
            meta.traceparent = each.value;
        } else if (same_name(each.name, "tracestate") && each.value.size() <= trace_context::longest_tracestate) {
            if (!meta.tracestate.empty()) meta.tracestate += ',';
            meta.tracestate += each.value;
        } else {
            std::string value{meta.headers.get(each.name).value_or(std::string_view{})};
            if (meta.headers.contains(each.name)) value += ", ";
            value += each.value;
            std::replace(value.begin(), value.end(), '\t', ' ');
            if (!meta.headers.try_set(lower_case(each.name), value)) {
                problem = "the header " + std::string{each.name} +
                          " cannot travel with a call: values are UTF-8, and all together are at most 64 entries and "
                          "8192 bytes";
                return false;
            }
        }
    }
    if (meta.tracestate.size() > trace_context::longest_tracestate) meta.tracestate.clear();
    return true;
}

FARCALL_DECL bool decode_path(std::string_view path, std::string& text) {
    text.clear();
    path.remove_prefix(1);
    for (std::size_t at = 0; at < path.size(); ++at) {
        char c = path[at];
        if (c == '%') {
            if (path.size() - at < 3 || hex_value(path[at + 1]) < 0 || hex_value(path[at + 2]) < 0) return false;
            c = static_cast<char>(static_cast<unsigned char>(hex_value(path[at + 1]) * 16 + hex_value(path[at + 2])));
            at += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
        text += c;
    }
    return utf8_prefix(text) == text.size();
}

}  // namespace farcall::detail
