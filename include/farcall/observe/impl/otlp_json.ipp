#pragma once

#include <string_view>

#include <farcall/detail/json_text.hpp>
#include <farcall/observe/otlp_json.hpp>

namespace farcall {
namespace detail {

/// Protobuf's JSON writes 64-bit numbers as strings.
template <class Integer>
inline void append_quoted_integer(text_buffer& out, Integer value) {
    out.push_back('"');
    append_integer(out, value);
    out.push_back('"');
}

inline void append_otlp_attributes(text_buffer& out, const std::vector<span_attribute>& attributes) {
    out.push_back('[');
    bool first = true;
    for (const span_attribute& each : attributes) {
        if (!std::exchange(first, false)) out.push_back(',');
        append_literal(out, "{\"key\":");
        append_string(out, each.name);
        append_literal(out, ",\"value\":{");
        if (const auto* text = std::get_if<std::string>(&each.value)) {
            append_literal(out, "\"stringValue\":");
            append_string(out, *text);
        } else if (const auto* number = std::get_if<std::int64_t>(&each.value)) {
            append_literal(out, "\"intValue\":");
            append_quoted_integer(out, *number);
        } else {
            append_literal(out, "\"boolValue\":");
            out.append(std::get<bool>(each.value) ? "true" : "false");
        }
        append_literal(out, "}}");
    }
    out.push_back(']');
}

inline void append_otlp_span(text_buffer& out, const span& one) {
    // Ids are hex here, the one place where OTLP departs from protobuf's JSON, and enumerators are numbers.
    constexpr unsigned has_is_remote = 0x100, is_remote = 0x200;
    constexpr int kind_server = 2, kind_client = 3, status_error = 2;
    using std::chrono::nanoseconds;
    const nanoseconds begin = std::chrono::duration_cast<nanoseconds>(one.begin.time_since_epoch());

    append_literal(out, "{\"traceId\":");
    append_string(out, one.context.trace_id());
    append_literal(out, ",\"spanId\":");
    append_string(out, span_id_text(one.context.span));
    if (!one.tracestate.empty()) {
        append_literal(out, ",\"traceState\":");
        append_string(out, one.tracestate);
    }
    if (one.parent != 0) {
        append_literal(out, ",\"parentSpanId\":");
        append_string(out, span_id_text(one.parent));
    }
    append_literal(out, ",\"flags\":");
    append_integer(out, (one.context.sampled ? 1u : 0u) | has_is_remote | (one.remote_parent ? is_remote : 0u));
    append_literal(out, ",\"name\":");
    append_string(out, one.name);
    append_literal(out, ",\"kind\":");
    append_integer(out, one.side == call_side::server ? kind_server : kind_client);
    append_literal(out, ",\"startTimeUnixNano\":");
    append_quoted_integer(out, begin.count());
    append_literal(out, ",\"endTimeUnixNano\":");
    append_quoted_integer(out, (begin + one.time).count());
    append_literal(out, ",\"attributes\":");
    append_otlp_attributes(out, one.attributes);
    append_literal(out, ",\"status\":{");
    if (one.status != status::ok) {
        append_literal(out, "\"code\":");
        append_integer(out, status_error);
        if (!one.message.empty()) {
            append_literal(out, ",\"message\":");
            append_string(out, one.message);
        }
    }
    append_literal(out, "}}");
}

}  // namespace detail

FARCALL_DECL std::string otlp_traces(const std::vector<span_attribute>& resource, std::span<const farcall::span> spans) {
    using namespace detail;
    text_buffer out;
    append_literal(out, "{\"resourceSpans\":[{\"resource\":{\"attributes\":");
    append_otlp_attributes(out, resource);
    append_literal(out, "},\"scopeSpans\":[{\"scope\":{\"name\":\"farcall\"},\"spans\":[");
    bool first = true;
    for (const farcall::span& each : spans) {
        if (!std::exchange(first, false)) out.push_back(',');
        append_otlp_span(out, each);
    }
    append_literal(out, "]}]}]}");
    return std::string{out.view()};
}

}  // namespace farcall
