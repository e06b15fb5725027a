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

/// `text` without what would be beyond `most` bytes, cut between code points.
inline std::string_view cut_utf8(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0u) == 0x80u) --most;
    return text.substr(0, most);
}

}  // namespace farcall::detail
