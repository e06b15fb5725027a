#pragma once

#include <array>
#include <cstdint>

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

FARCALL_DECL void base64_encode(const std::byte* from, std::size_t size, char* to) noexcept {
    const auto at = [&](std::size_t i) { return i < size ? std::to_integer<std::uint32_t>(from[i]) : 0u; };
    for (std::size_t i = 0; i < size; i += 3) {
        const std::uint32_t group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        *to++ = base64_alphabet[group >> 18];
        *to++ = base64_alphabet[group >> 12 & 63];
        *to++ = i + 1 < size ? base64_alphabet[group >> 6 & 63] : '=';
        *to++ = i + 2 < size ? base64_alphabet[group & 63] : '=';
    }
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
    std::size_t padding = 0;
    while (padding != 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const std::size_t characters = i + 4 == text.size() ? 4 - padding : 4;
        std::uint32_t group = 0;
        std::uint8_t all = 0;
        for (std::size_t j = 0; j != 4; ++j) {
            const std::uint8_t value = j < characters ? base64_values[static_cast<unsigned char>(text[i + j])] : 0;
            all |= value;
            group = group << 6 | (value & 63u);
        }
        if (all > 63) return false;
        *to++ = static_cast<std::byte>(group >> 16 & 255);
        if (characters > 2) *to++ = static_cast<std::byte>(group >> 8 & 255);
        if (characters > 3) *to++ = static_cast<std::byte>(group & 255);
        if ((characters == 2 && (group & 0xffff) != 0) || (characters == 3 && (group & 0xff) != 0)) return false;
    }
    return true;
}

}  // namespace farcall::detail
