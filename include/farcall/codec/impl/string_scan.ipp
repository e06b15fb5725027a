#pragma once

#include <farcall/codec/string_scan.hpp>

namespace farcall::detail {

#if defined(__x86_64__) && defined(__GNUC__)

using scan_chars [[gnu::vector_size(32)]] = char;
using scan_signs [[gnu::vector_size(32)]] = signed char;
/// Wherever it lies: if it were copied into place instead, it would take a way through the stack.
using scan_loose [[gnu::vector_size(32), gnu::aligned(1), gnu::may_alias]] = signed char;

/// Without the header of intrinsics, which costs every user of the library half a second.
[[gnu::target("avx2")]] inline const char* skip_plain_by_128(const char* p, const char* end) noexcept {
    for (; end - p >= 128; p += 128) {
        const scan_loose* const all = reinterpret_cast<const scan_loose*>(p);
        const scan_signs a = all[0], b = all[1], c = all[2], d = all[3];
        // Bytes from 0x80 up are negative and so below the space, too.
        const auto special = (a == '"') | (a == '\\') | (a < 0x20) | (b == '"') | (b == '\\') | (b < 0x20) |
                             (c == '"') | (c == '\\') | (c < 0x20) | (d == '"') | (d == '\\') | (d < 0x20);
        if (__builtin_ia32_pmovmskb256(reinterpret_cast<scan_chars>(special)) != 0) break;
    }
    return p;
}
#endif

#if defined(__SSE2__)
FARCALL_DECL const char* skip_plain_far(const char* p, const char* end) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    if (end - p >= 128 && __builtin_cpu_supports("avx2") != 0) p = skip_plain_by_128(p, end);
#endif
    const auto sixteen = [](const char* at) {
        return special_among_sixteen(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
    };
    for (; end - p >= 16; p += 16)
        if (const unsigned mask = sixteen(p); mask != 0) return p + std::countr_zero(mask);
    if (p == end) return p;
    const unsigned mask = sixteen(end - 16);
    return mask == 0 ? end : end - 16 + std::countr_zero(mask);
}
#endif

}  // namespace farcall::detail
