#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <farcall/detail/utf8.hpp>

/// What everything that prints a peer's text asks of its characters: logs, terminals, trees of spans.
namespace farcall::detail {

/// Whether a code point does something else to a line than to stand in it: controls, marks that turn the direction of
/// writing, blanks without a width, ends of lines that are no newline, tags.
constexpr bool deceives(char32_t c) noexcept {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

/// One code point of a text, or one byte that belongs to none.
struct character {
    std::string_view bytes{};
    char32_t code = 0;   ///< of a byte that belongs to none its value
    bool sound = false;  ///< whether it is well-formed UTF-8
};

/// Takes the first one off a text that is not empty.
inline character take_character(std::string_view& rest) noexcept {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const char32_t lead = at(0);
    character taken{rest.substr(0, 1), lead, utf8_prefix(rest.substr(0, 4)) != 0};
    if (taken.sound && lead >= 0x80) {
        const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        taken.bytes = rest.substr(0, size);
        taken.code = lead & (0x7Fu >> size);
        for (std::size_t i = 1; i < size; ++i) taken.code = taken.code << 6 | (at(i) & 0x3Fu);
    }
    rest.remove_prefix(taken.bytes.size());
    return taken;
}

/// A code point as JSON escapes it: "\u202e", above U+FFFF two of them.
inline void append_code_escape(std::string& out, char32_t code) {
    constexpr char digits[] = "0123456789abcdef";
    if (code > 0xFFFF) {
        append_code_escape(out, 0xD800 + ((code - 0x10000) >> 10));
        code = 0xDC00 + (code & 0x3FF);
    }
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[code >> shift & 0xF];
}

/// A byte that belongs to no code point: "\xff".
inline void append_byte_escape(std::string& out, unsigned char byte) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 0xF];
}

}  // namespace farcall::detail
