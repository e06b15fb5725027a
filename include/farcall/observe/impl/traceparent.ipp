#pragma once

#include <cstddef>

#include <farcall/detail/ascii.hpp>
#include <farcall/detail/hexadecimal.hpp>
#include <farcall/observe/traceparent.hpp>

namespace farcall {
namespace detail {

inline bool lower_or_digit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// `vendor` or `tenant@vendor`.
inline bool tracestate_key(std::string_view key) noexcept {
    const std::size_t at = key.find('@');
    const auto part = [](std::string_view text, std::size_t most) {
        if (text.empty() || text.size() > most || !lower_or_digit(text[0])) return false;
        for (const char c : text)
            if (!lower_or_digit(c) && c != '_' && c != '-' && c != '*' && c != '/') return false;
        return true;
    };
    if (at == std::string_view::npos) return part(key, 256);
    return part(key.substr(0, at), 241) && part(key.substr(at + 1), 14);
}

inline bool tracestate_value(std::string_view value) noexcept {
    if (value.empty() || value.size() > 256 || value.back() == ' ') return false;
    for (const char c : value)
        if (c < 0x20 || c > 0x7E || c == ',' || c == '=') return false;
    return true;
}

}  // namespace detail

FARCALL_DECL std::string span_context::trace_id() const {
    std::string text;
    text.reserve(32);
    detail::append_hex(text, trace_high);
    detail::append_hex(text, trace_low);
    return text;
}

FARCALL_DECL std::string span_id_text(std::uint64_t span) {
    std::string text;
    detail::append_hex(text, span);
    return text;
}

FARCALL_DECL std::optional<span_context> parse_traceparent(std::string_view text) noexcept {
    // 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
    constexpr std::size_t size = 55;
    if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
    std::uint64_t version = 0, flags = 0;
    span_context read;
    if (!detail::read_hex(text.substr(0, 2), version) || !detail::read_hex(text.substr(3, 16), read.trace_high) ||
        !detail::read_hex(text.substr(19, 16), read.trace_low) || !detail::read_hex(text.substr(36, 16), read.span) ||
        !detail::read_hex(text.substr(53, 2), flags))
        return std::nullopt;
    const bool ends_well = version == 0 ? text.size() == size : text.size() == size || text[size] == '-';
    if (version == 0xFF || !ends_well || !read.valid()) return std::nullopt;
    read.sampled = (flags & 1) != 0;
    return read;
}

FARCALL_DECL std::string to_traceparent(const span_context& span) {
    std::string text;
    text.reserve(55);
    text += "00-";
    detail::append_hex(text, span.trace_high);
    detail::append_hex(text, span.trace_low);
    text += '-';
    detail::append_hex(text, span.span);
    text += span.sampled ? "-01" : "-00";
    return text;
}

FARCALL_DECL bool valid_tracestate(std::string_view text) noexcept {
    constexpr std::size_t most_bytes = 512, most_members = 32;
    if (text.size() > most_bytes) return false;
    std::size_t members = 0;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        const std::string_view member = detail::without_space(text.substr(0, comma));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        if (member.empty()) continue;  // allowed, and no member
        const std::size_t equals = member.find('=');
        if (equals == std::string_view::npos || ++members > most_members) return false;
        if (!detail::tracestate_key(member.substr(0, equals)) || !detail::tracestate_value(member.substr(equals + 1)))
            return false;
    }
    return true;
}

}  // namespace farcall
