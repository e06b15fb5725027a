#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace farcall::detail {

/// SHA-1 of a text, for the handshake of WebSocket, which asks for it; not for anything that has to resist an attacker.
///
/// Boost has one among its details only, and the type of its result differs from version to version.
/// @see RFC 3174, section 6.1
[[nodiscard]] inline std::array<std::byte, 20> sha1(std::string_view text) noexcept {
    std::array<std::uint32_t, 5> state{0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u, 0xC3D2E1F0u};

    const auto take_block = [&state](const unsigned char* block) {
        std::array<std::uint32_t, 80> word;
        for (std::size_t i = 0; i != 16; ++i) {
            word[i] = std::uint32_t{block[4 * i]} << 24 | std::uint32_t{block[4 * i + 1]} << 16 |
                      std::uint32_t{block[4 * i + 2]} << 8 | std::uint32_t{block[4 * i + 3]};
        }
        for (std::size_t i = 16; i != 80; ++i)
            word[i] = std::rotl(word[i - 3] ^ word[i - 8] ^ word[i - 14] ^ word[i - 16], 1);
        auto [a, b, c, d, e] = state;
        for (std::size_t i = 0; i != 80; ++i) {
            const std::uint32_t mixed = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999u
                                        : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1u
                                        : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDCu
                                                 : (b ^ c ^ d) + 0xCA62C1D6u;
            const std::uint32_t next = std::rotl(a, 5) + mixed + e + word[i];
            e = d;
            d = c;
            c = std::rotl(b, 30);
            b = a;
            a = next;
        }
        const std::array<std::uint32_t, 5> sum{a, b, c, d, e};
        for (std::size_t i = 0; i != 5; ++i) state[i] += sum[i];
    };

    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t at = 0;
    for (; text.size() - at >= 64; at += 64) take_block(bytes + at);

    // What is left, a one bit, zeros, and the length in bits: one block or two.
    std::array<unsigned char, 128> end{};
    const std::size_t left = text.size() - at;
    if (left != 0) std::memcpy(end.data(), bytes + at, left);
    end[left] = 0x80;
    const std::size_t size = left < 56 ? 64 : 128;
    for (std::size_t i = 0; i != 8; ++i)
        end[size - 1 - i] = static_cast<unsigned char>(std::uint64_t{text.size()} * 8 >> 8 * i);
    take_block(end.data());
    if (size == 128) take_block(end.data() + 64);

    std::array<std::byte, 20> digest;
    for (std::size_t i = 0; i != 20; ++i) digest[i] = static_cast<std::byte>(state[i / 4] >> (24 - 8 * (i % 4)) & 255);
    return digest;
}

}  // namespace farcall::detail
