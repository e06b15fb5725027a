#pragma once

#include <farcall/protocol/http/authority.hpp>
#include <farcall/protocol/http/token.hpp>

namespace farcall::detail {

/// A decimal number without leading zeros.
inline std::optional<unsigned> plain_number(std::string_view text, unsigned most) noexcept {
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    unsigned made = 0;
    for (const char c : text) {
        if (!ascii_digit(c)) return std::nullopt;
        made = made * 10 + static_cast<unsigned>(c - '0');
    }
    if (made > most) return std::nullopt;
    return made;
}

/// Four decimal numbers, into four bytes.
inline bool read_four(std::string_view text, std::uint8_t* into) noexcept {
    std::size_t numbers = 0;
    for (std::string_view left = text, part; next_part(left, part, '.'); ++numbers) {
        const auto number = plain_number(part, 255);
        if (numbers == 4 || !number) return false;
        into[numbers] = static_cast<std::uint8_t>(*number);
    }
    // Parts are trimmed, and an address has no white space.
    return numbers == 4 && text.find_first_of(" \t") == std::string_view::npos;
}

/// IPv6: up to eight groups, one gap of zeros, the last two groups maybe as IPv4.
inline bool read_six(std::string_view text, std::array<std::uint8_t, 16>& bytes) noexcept {
    std::array<std::uint8_t, 16> made{};
    std::size_t filled = 0;
    std::optional<std::size_t> gap;
    if (text.starts_with("::")) {
        gap = 0;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        const std::size_t end = text.find(':');
        const std::string_view group = text.substr(0, end);
        if (end == std::string_view::npos && group.find('.') != std::string_view::npos) {
            if (filled > 12 || !read_four(group, made.data() + filled)) return false;
            filled += 4;
            break;
        }
        if (group.empty() || group.size() > 4 || filled == 16) return false;
        unsigned number = 0;
        for (const char c : group) {
            if (hex_value(c) < 0) return false;
            number = number * 16 + static_cast<unsigned>(hex_value(c));
        }
        made[filled++] = static_cast<std::uint8_t>(number >> 8);
        made[filled++] = static_cast<std::uint8_t>(number & 0xFF);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
        if (text.empty()) return false;  // a single colon at the end
        if (text.front() == ':') {
            if (gap) return false;
            gap = filled;
            text.remove_prefix(1);
        }
    }
    // A gap stands for one group at least.
    if (gap ? filled > 14 : filled != 16) return false;
    const std::size_t front = gap.value_or(16);
    for (std::size_t i = 0; i < front; ++i) bytes[i] = made[i];
    for (std::size_t i = front; i < filled; ++i) bytes[16 - filled + i] = made[i];
    return true;
}

FARCALL_DECL std::optional<ip_address> read_ip(std::string_view text) noexcept {
    ip_address made;
    if (text.find(':') != std::string_view::npos) {
        if (!read_six(text, made.bytes)) return std::nullopt;
        return made;
    }
    if (!read_four(text, made.bytes.data() + 12)) return std::nullopt;
    made.bytes[10] = made.bytes[11] = 0xFF;
    return made;
}

FARCALL_DECL std::optional<authority> read_authority(std::string_view text) noexcept {
    authority made;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        made.host = text.substr(1, close - 1);
        made.ip = read_ip(made.host);
        if (!made.ip || made.host.find(':') == std::string_view::npos) return std::nullopt;
        rest = text.substr(close + 1);
    } else {
        const std::size_t colon = text.find(':');
        made.host = text.substr(0, colon);
        for (const char c : made.host) {
            const char low = ascii_lower(c);
            if (!(low >= 'a' && low <= 'z') && !ascii_digit(c) && c != '.' && c != '-' && c != '_') return std::nullopt;
        }
        // The dot of a name that is written in full means nothing here.
        if (made.host.size() > 1 && made.host.ends_with('.')) made.host.remove_suffix(1);
        if (made.host.empty() || made.host == ".") return std::nullopt;
        made.ip = read_ip(made.host);
        rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    if (rest.empty()) return made;
    const auto port = rest.front() == ':' ? plain_number(rest.substr(1), 65535) : std::nullopt;
    if (!port) return std::nullopt;
    made.port = static_cast<std::uint16_t>(*port);
    return made;
}

}  // namespace farcall::detail
