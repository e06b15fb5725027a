#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace farcall::detail {

/// Length of the longest well-formed beginning of `text`; `text.size()` if all of it is well-formed.
///
/// Overlong forms, surrogates and code points above U+10FFFF are ill-formed, a sequence cut by the end too.
/// @see RFC 3629
inline std::size_t utf8_prefix(std::string_view text) noexcept {
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    const std::size_t size = text.size();
    const auto continues = [&](std::size_t at) { return (bytes[at] & 0xC0u) == 0x80u; };
    std::size_t at = 0;
    while (at < size) {
        while (size - at >= 8) {
            std::uint64_t eight;
            std::memcpy(&eight, bytes + at, 8);
            if ((eight & 0x8080808080808080u) != 0) break;
            at += 8;
        }
        if (at == size) break;
        const unsigned char lead = bytes[at];
        const std::size_t left = size - at;
        if (lead < 0x80) {
            at += 1;
        } else if (lead >= 0xC2 && lead <= 0xDF) {
            if (left < 2 || !continues(at + 1)) return at;
            at += 2;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            if (left < 3 || !continues(at + 1) || !continues(at + 2)) return at;
            const unsigned char second = bytes[at + 1];
            if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return at;
            at += 3;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            if (left < 4 || !continues(at + 1) || !continues(at + 2) || !continues(at + 3)) return at;
            const unsigned char second = bytes[at + 1];
            if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return at;
            at += 4;
        } else {
            return at;
        }
    }
    return size;
}

/// Whether `text` may be the beginning of one well-formed sequence that the end of the text has cut.
///
/// @param text  what `utf8_prefix` leaves over; not empty
/// @see RFC 3629, section 4
inline bool utf8_cut_sequence(std::string_view text) noexcept {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (text.size() >= length) return false;
    if (text.size() == 1) return true;
    const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at(1) < least || at(1) > most) return false;
    return text.size() == 2 || (at(2) & 0xC0u) == 0x80u;
}

/// `text` without what would be beyond `most` bytes, cut between code points.
inline std::string_view cut_utf8(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0u) == 0x80u) --most;
    return text.substr(0, most);
}

}  // namespace farcall::detail
