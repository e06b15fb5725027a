#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <farcall/detail/digits.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/detail/utf8.hpp>

namespace farcall::detail {

/// Appends a literal; its length is known to the compiler.
template <std::size_t Size>
inline void append_literal(text_buffer& out, const char (&literal)[Size]) {
    std::memcpy(out.prepare(Size - 1), literal, Size - 1);
    out.commit(Size - 1);
}

/// Appends an integer in decimal.
template <std::integral Integer>
inline void append_integer(text_buffer& out, Integer value) {
    using wide = std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>;
    char* const room = out.prepare(20);
    out.commit(static_cast<std::size_t>(write_digits(room, static_cast<wide>(value)) - room));
}

/// A bit for each of eight bytes that is not printable ASCII, or is a quote or a backslash; zero if there is none.
///
/// A subtraction may borrow from the byte above one that it finds: only the lowest bit tells a place.
inline std::uint64_t special_among_eight(const char* bytes) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    std::uint64_t eight;
    std::memcpy(&eight, bytes, 8);
    const auto has = [&](unsigned char byte) {
        const std::uint64_t zero_there = eight ^ (ones * byte);
        return (zero_there - ones) & ~zero_there & tops;
    };
    const std::uint64_t below_space = (eight - ones * 0x20) & ~eight & tops;
    return (eight & tops) | below_space | has('"') | has('\\');
}

constexpr bool plain_ascii(char c) noexcept {
    return c >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\';
}

/// Length of the beginning of `text` that needs no escape and no look at its encoding.
inline std::size_t plain_prefix(std::string_view text) noexcept {
    std::size_t at = 0;
    if constexpr (std::endian::native == std::endian::little) {
        const auto special_at = [](std::uint64_t special) { return static_cast<std::size_t>(std::countr_zero(special)) / 8; };
        for (; text.size() - at >= 8; at += 8)
            if (const std::uint64_t special = special_among_eight(text.data() + at)) return at + special_at(special);
        if (at != 0) {
            // What is left is looked at together with some of what was found plain.
            const std::uint64_t special = special_among_eight(text.data() + text.size() - 8);
            return special == 0 ? text.size() : text.size() - 8 + special_at(special);
        }
    } else {
        while (text.size() - at >= 8 && special_among_eight(text.data() + at) == 0) at += 8;
    }
    while (at < text.size() && plain_ascii(text[at])) ++at;
    return at;
}

/// Appends a JSON string. Bytes that are no UTF-8 become U+FFFD, so that one bad text does not spoil a message.
inline void append_string(text_buffer& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        const std::size_t plain = plain_prefix(text);
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        const char c = text.front();
        if (static_cast<unsigned char>(c) < 0x80) {
            constexpr char hex[] = "0123456789abcdef";
            switch (c) {
                case '"': append_literal(out, "\\\""); break;
                case '\\': append_literal(out, "\\\\"); break;
                case '\n': append_literal(out, "\\n"); break;
                case '\r': append_literal(out, "\\r"); break;
                case '\t': append_literal(out, "\\t"); break;
                default:
                    append_literal(out, "\\u00");
                    out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
                    out.push_back(hex[static_cast<unsigned char>(c) & 15]);
                    break;
            }
            text.remove_prefix(1);
            continue;
        }
        std::size_t ascii = 0;
        while (ascii < text.size() && static_cast<unsigned char>(text[ascii]) >= 0x80) ++ascii;
        const std::size_t good = utf8_prefix(text.substr(0, ascii));
        out.append(text.substr(0, good));
        text.remove_prefix(good);
        if (good != ascii) {
            append_literal(out, "\xEF\xBF\xBD");
            text.remove_prefix(1);
        }
    }
    out.push_back('"');
}

}  // namespace farcall::detail
