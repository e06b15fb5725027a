#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace farcall::detail {

/// Appends 16 hexadecimal digits, none of them a capital.
inline void append_hex(std::string& out, std::uint64_t value) {
    constexpr char digits[] = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15];
}

/// Reads at most 16 hexadecimal digits; capital ones are none.
/// @returns false if something else is among them
inline bool read_hex(std::string_view text, std::uint64_t& value) noexcept {
    value = 0;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f')) return false;
        value = value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
    }
    return true;
}

}  // namespace farcall::detail
