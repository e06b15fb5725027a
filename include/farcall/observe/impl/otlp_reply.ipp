#pragma once

#include <charconv>
#include <cstddef>

#include <farcall/detail/ascii.hpp>
#include <farcall/observe/otlp_reply.hpp>

namespace farcall::detail {

/// The number that a text begins with; nothing if it begins with none.
inline std::optional<std::uint64_t> leading_number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || stop == text.data()) return std::nullopt;
    return value;
}

/// `"rejectedSpans":"3"`, as protobuf's JSON writes it, or a bare number. The rest of the body says nothing of use.
inline std::uint64_t rejected_spans(std::string_view body) noexcept {
    constexpr std::string_view name = "\"rejectedSpans\"";
    const std::size_t at = body.find(name);
    if (at == std::string_view::npos) return 0;
    const std::size_t value = body.find_first_not_of(" \t\r\n:\"", at + name.size());
    return value == std::string_view::npos ? 0 : leading_number(body.substr(value)).value_or(0);
}

FARCALL_DECL std::optional<otlp_reply> read_otlp_reply(std::string_view received, bool whole) {
    const std::size_t head_end = received.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return whole ? std::optional{otlp_reply{}} : std::nullopt;
    const std::string_view body = received.substr(head_end + 4);
    std::string_view head = received.substr(0, head_end);
    const std::size_t first_end = head.find("\r\n");
    const std::string_view first = head.substr(0, first_end);
    // HTTP/1.1 200 OK
    otlp_reply read;
    if (!first.starts_with("HTTP/1.") || first.size() < 12 || first[8] != ' ') return read;
    read.status = static_cast<int>(leading_number(first.substr(9, 3)).value_or(0));

    std::optional<std::uint64_t> length;
    bool chunked = false;
    head.remove_prefix(first_end == std::string_view::npos ? head.size() : first_end + 2);
    while (!head.empty()) {
        const std::size_t end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view name = line.substr(0, colon), value = without_space(line.substr(colon + 1));
        if (same_name(name, "content-length")) length = leading_number(value);
        if (same_name(name, "transfer-encoding")) chunked = true;
        if (same_name(name, "retry-after"))  // a date is left out: pauses of our own are as good
            if (const auto seconds = leading_number(value); seconds && *seconds < 86'400)
                read.retry_after = std::chrono::seconds{*seconds};
    }
    const bool complete = whole || (chunked ? body.ends_with("0\r\n\r\n") : length && body.size() >= *length);
    if (!complete) return std::nullopt;
    if (read.taken()) read.rejected = rejected_spans(body);
    return read;
}

}  // namespace farcall::detail
