#pragma once

#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>
#include <bit>
#endif

namespace farcall::detail {

/// Length of the UTF-8 sequence (RFC 3629) of a character at `p`, 1 to 4; 0 if it is none. `p` is before `end`.
///
/// Overlong forms, surrogates, values above U+10FFFF and cut sequences are none.
constexpr std::size_t utf8_sequence(const char* p, const char* end) noexcept {
    const auto at = [p](std::size_t i) { return static_cast<unsigned char>(p[i]); };
    const auto continues = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
    const auto room = static_cast<std::size_t>(end - p);
    const unsigned char lead = at(0);
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return room >= 2 && continues(1) ? 2 : 0;
    if (lead < 0xF0) {
        if (room < 3 || !continues(1) || !continues(2)) return 0;
        if (lead == 0xE0 && at(1) < 0xA0) return 0;
        if (lead == 0xED && at(1) > 0x9F) return 0;
        return 3;
    }
    if (lead > 0xF4 || room < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
    if (lead == 0xF0 && at(1) < 0x90) return 0;
    if (lead == 0xF4 && at(1) > 0x8F) return 0;
    return 4;
}

/// Whether a byte may stand in a JSON string as it is and needs no look at its neighbours.
constexpr bool plain_in_string(char byte) noexcept {
    const auto c = static_cast<unsigned char>(byte);
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/// The first byte that is a quote, a backslash, a control character or no ASCII; `end` if there is none.
inline const char* skip_plain(const char* p, const char* end) noexcept {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);
    while (end - p >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        // Signed comparison: bytes from 0x80 up are negative and so below the space, too.
        const __m128i special = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)), _mm_cmplt_epi8(bytes, space));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
        if (mask != 0) return p + std::countr_zero(mask);
        p += 16;
    }
#endif
    while (p != end && plain_in_string(*p)) ++p;
    return p;
}

}  // namespace farcall::detail
