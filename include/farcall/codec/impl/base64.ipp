#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include <farcall/codec/base64.hpp>

namespace farcall::detail {

inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each character; 0xff for those that are none.
inline constexpr std::array<std::uint8_t, 256> base64_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(0xff);
    for (std::size_t i = 0; i != base64_alphabet.size(); ++i) {
        values[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

/// How much of both sides was done.
struct base64_progress {
    std::size_t bytes = 0;
    std::size_t characters = 0;
    bool good = true;
};

#if defined(__x86_64__) && defined(__GNUC__)

/// Whether this processor has what the two functions below are compiled for.
inline bool base64_by_32() noexcept { return __builtin_cpu_supports("avx2") != 0; }

using base64_bytes [[gnu::vector_size(32)]] = unsigned char;
using base64_signs [[gnu::vector_size(32)]] = signed char;
using base64_chars [[gnu::vector_size(32)]] = char;
using base64_shorts [[gnu::vector_size(32)]] = std::uint16_t;
using base64_words [[gnu::vector_size(32)]] = std::uint32_t;

/// Encodes 24 bytes at a time; leaves less than 32 over.
///
/// Without the header of intrinsics, which costs every user of the library half a second.
/// @see Mula, Lemire: Faster Base64 Encoding and Decoding Using AVX2 Instructions (2018)
[[gnu::target("avx2")]] inline base64_progress base64_encode_by_32(const std::byte* from, std::size_t size, char* to) noexcept {
    // What to add to a value of 6 bits, by the class it belongs to.
    constexpr base64_chars offsets = {'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                      '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A',      0,        0,
                                      'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                      '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A',      0,        0};
    base64_progress done;
    for (; size - done.bytes >= 32; done.bytes += 24, done.characters += 32) {
        base64_words in;
        std::memcpy(&in, from + done.bytes, 32);
        // Twelve bytes for each half.
        const auto halves = reinterpret_cast<base64_bytes>(__builtin_shufflevector(in, in, 0, 1, 2, 2, 3, 4, 5, 5));
        const auto words = reinterpret_cast<base64_words>(
            __builtin_shufflevector(halves, halves, 1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, 17, 16, 18, 17, 20, 19,
                                    21, 20, 23, 22, 24, 23, 26, 25, 27, 26));
        const base64_words sixes = ((words & 0x0000fc00u) >> 10) | ((words & 0x000003f0u) << 4) |
                                   ((words & 0x0fc00000u) >> 6) | ((words & 0x003f0000u) << 8);
        const auto values = reinterpret_cast<base64_bytes>(sixes);
        // 0 for small letters, 1 to 10 for digits, 11, 12, and 13 for capital letters.
        const auto classes = ((values - 51) & reinterpret_cast<base64_bytes>(values > 51)) |
                             (reinterpret_cast<base64_bytes>(values < 26) & 13);
        const auto out = reinterpret_cast<base64_bytes>(
                             __builtin_ia32_pshufb256(offsets, reinterpret_cast<base64_chars>(classes))) + values;
        std::memcpy(to + done.characters, &out, 32);
    }
    return done;
}

/// Decodes 32 characters at a time without padding; leaves less than 48 over.
///
/// @param to  has room for what all of the text stands for
[[gnu::target("avx2")]] inline base64_progress base64_decode_by_32(std::string_view text, std::byte* to) noexcept {
    // A character is none of the alphabet if what its two halves say has a bit in common.
    constexpr base64_chars low_says = {0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
                                       0x1A, 0x1B, 0x1B, 0x1B, 0x1A, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11,
                                       0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A};
    constexpr base64_chars high_says = {0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
                                        0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08,
                                        0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10};
    // What to add to a character, by its upper half; one less for the slash.
    constexpr base64_chars offsets = {0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,
                                      0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0};
    base64_progress done;
    base64_chars wrong{};
    for (; text.size() - done.characters >= 48; done.characters += 32, done.bytes += 24) {
        base64_bytes in;
        std::memcpy(&in, text.data() + done.characters, 32);
        const auto high = reinterpret_cast<base64_chars>(in >> 4);
        wrong |= __builtin_ia32_pshufb256(low_says, reinterpret_cast<base64_chars>(in & 15)) &
                 __builtin_ia32_pshufb256(high_says, high);
        const auto slash = reinterpret_cast<base64_chars>(in == '/');
        const auto values = reinterpret_cast<base64_shorts>(
            in + reinterpret_cast<base64_bytes>(__builtin_ia32_pshufb256(offsets, slash + high)));
        const auto pairs = reinterpret_cast<base64_words>(((values & 0x00ff) << 6) | (values >> 8));
        const auto fours = reinterpret_cast<base64_bytes>(((pairs & 0x0000ffffu) << 12) | (pairs >> 16));
        const base64_bytes out =
            __builtin_shufflevector(fours, fours, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 18, 17, 16, 22, 21, 20, 26, 25, 24,
                                    30, 29, 28, 0, 0, 0, 0, 0, 0, 0, 0);
        std::memcpy(to + done.bytes, &out, 32);
    }
    std::uint64_t parts[4];
    std::memcpy(parts, &wrong, sizeof parts);
    done.good = (parts[0] | parts[1] | parts[2] | parts[3]) == 0;
    return done;
}
#endif

FARCALL_DECL void base64_encode(const std::byte* from, std::size_t size, char* to) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    if (size >= 48 && base64_by_32()) {
        const base64_progress done = base64_encode_by_32(from, size, to);
        from += done.bytes;
        size -= done.bytes;
        to += done.characters;
    }
#endif
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(from[i]); };
    for (; size >= 3; size -= 3, from += 3) {
        const std::uint32_t group = at(0) << 16 | at(1) << 8 | at(2);
        *to++ = base64_alphabet[group >> 18];
        *to++ = base64_alphabet[group >> 12 & 63];
        *to++ = base64_alphabet[group >> 6 & 63];
        *to++ = base64_alphabet[group & 63];
    }
    if (size == 0) return;
    const std::uint32_t group = at(0) << 16 | (size == 2 ? at(1) << 8 : 0);
    *to++ = base64_alphabet[group >> 18];
    *to++ = base64_alphabet[group >> 12 & 63];
    *to++ = size == 2 ? base64_alphabet[group >> 6 & 63] : '=';
    *to++ = '=';
}

FARCALL_DECL bool base64_decoded_size(std::string_view text, std::size_t& size) noexcept {
    if (text.size() % 4 != 0) return false;
    size = text.size() / 4 * 3;
    if (text.ends_with("==")) {
        size -= 2;
    } else if (text.ends_with('=')) {
        size -= 1;
    }
    return true;
}

FARCALL_DECL bool base64_decode(std::string_view text, std::byte* to) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    if (text.size() >= 64 && base64_by_32()) {
        const base64_progress done = base64_decode_by_32(text, to);
        if (!done.good) return false;
        text.remove_prefix(done.characters);
        to += done.bytes;
    }
#endif
    std::size_t padding = 0;
    while (padding != 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
    const auto value = [&](std::size_t i) { return std::uint32_t{base64_values[static_cast<unsigned char>(text[i])]}; };
    while (text.size() > 4 || (text.size() == 4 && padding == 0)) {
        const std::uint32_t a = value(0), b = value(1), c = value(2), d = value(3);
        if ((a | b | c | d) > 63) return false;
        const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
        *to++ = static_cast<std::byte>(group >> 16);
        *to++ = static_cast<std::byte>(group >> 8 & 255);
        *to++ = static_cast<std::byte>(group & 255);
        text.remove_prefix(4);
    }
    if (padding == 0) return true;
    const std::uint32_t a = value(0), b = value(1), c = padding == 1 ? value(2) : 0;
    if ((a | b | c) > 63) return false;
    const std::uint32_t group = a << 18 | b << 12 | c << 6;
    *to++ = static_cast<std::byte>(group >> 16);
    if (padding == 1) *to++ = static_cast<std::byte>(group >> 8 & 255);
    // Bits behind the last byte are zero.
    return (group & (padding == 1 ? 0xffu : 0xffffu)) == 0;
}

}  // namespace farcall::detail
