#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <farcall/detail/config.hpp>

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

#if defined(__SSE2__)
/// A bit for each of sixteen bytes that is no plain one.
inline unsigned special_among_sixteen(__m128i bytes) noexcept {
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);
    // Signed comparison: bytes from 0x80 up are negative and so below the space, too.
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)), _mm_cmplt_epi8(bytes, space))));
}
#endif

#if defined(__SSE2__)
/// What `skip_plain` says, by what this processor does best, where at least 16 plain bytes are in front of `p`.
FARCALL_DECL const char* skip_plain_far(const char* p, const char* end) noexcept;
#endif

/// The first byte that is a quote, a backslash, a control character or no ASCII; `end` if there is none.
inline const char* skip_plain(const char* p, const char* end) noexcept {
#if defined(__SSE2__)
    const char* const first = p;
    while (end - p >= 16) {
        const unsigned mask = special_among_sixteen(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
        if (mask != 0) return p + std::countr_zero(mask);
        p += 16;
        // So much goes on so, as a rule. Not from the start: most texts are short, and more follows them.
        if (p - first == 64) [[unlikely]] return skip_plain_far(p, end);
    }
    if (p == end) return p;
    if (end - first >= 16) {
        // What is left is looked at together with some of what was found plain.
        const unsigned mask = special_among_sixteen(_mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16)));
        return mask == 0 ? end : end - 16 + std::countr_zero(mask);
    }
    if (end - p >= 8) {
        const auto eight = [](const char* at) {
            return special_among_sixteen(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(at))) & 0xff;
        };
        if (const unsigned mask = eight(p); mask != 0) return p + std::countr_zero(mask);
        const unsigned mask = eight(end - 8);
        return mask == 0 ? end : end - 8 + std::countr_zero(mask);
    }
    if (end - p >= 4) {
        // Both ends, which may overlap, beside each other.
        std::int32_t front, back;
        std::memcpy(&front, p, 4);
        std::memcpy(&back, end - 4, 4);
        const __m128i both = _mm_unpacklo_epi32(_mm_cvtsi32_si128(front), _mm_cvtsi32_si128(back));
        const unsigned mask = special_among_sixteen(both) & 0xff;
        if (mask == 0) return end;
        const int at = std::countr_zero(mask);
        return at < 4 ? p + at : end - 8 + at;
    }
#endif
    while (p != end && plain_in_string(*p)) ++p;
    return p;
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/string_scan.ipp>
#endif
