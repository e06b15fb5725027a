#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace farcall::detail {

/// @file
/// Runs of decimal digits, eight at a time where the machine's byte order allows it.

inline constexpr bool digits_by_eight = std::endian::native == std::endian::little;

/// Ten to the power of 0 to 19.
inline constexpr std::array<std::uint64_t, 20> powers_of_ten = [] {
    std::array<std::uint64_t, 20> powers{1};
    for (std::size_t i = 1; i != powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

constexpr bool decimal_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }

/// Eight characters less '0' each, the first in the lowest byte.
inline std::uint64_t eight_digits(const char* p) noexcept {
    std::uint64_t eight;
    std::memcpy(&eight, p, 8);
    return eight ^ 0x3030303030303030u;
}

/// How many of the eight are digits before the first that is none.
constexpr unsigned leading_digits(std::uint64_t eight) noexcept {
    // What carries comes from a byte that is no digit, and changes only those above it.
    const std::uint64_t others = ((eight + 0x7676767676767676u) | eight) & 0x8080808080808080u;
    return static_cast<unsigned>(std::countr_zero(others)) / 8;
}

/// The number that eight digits are.
constexpr std::uint64_t value_of_eight(std::uint64_t eight) noexcept {
    eight = eight * 10 + (eight >> 8);  // pairs, in every other byte
    constexpr std::uint64_t pairs = 0x000000FF000000FFu;
    return ((eight & pairs) * (100 + (std::uint64_t{1'000'000} << 32)) +
            ((eight >> 16) & pairs) * (1 + (std::uint64_t{10'000} << 32))) >> 32;
}

/// The number that the first `count` of them are, 1 to 7: zeros come in front of them, where they do not count.
constexpr std::uint64_t value_of_first(std::uint64_t eight, unsigned count) noexcept {
    return value_of_eight(eight << (64 - 8 * count));
}

/// Reads digits until another character or `end`, which is at most 19 digits away.
///
/// @param p  is left behind the last
inline std::uint64_t take_digits(const char*& p, const char* end) noexcept {
    std::uint64_t value = 0;
    if constexpr (digits_by_eight) {
        while (end - p >= 8) {
            const std::uint64_t eight = eight_digits(p);
            const unsigned count = leading_digits(eight);
            if (count < 8) {
                if (count == 0) return value;
                p += count;
                return value * powers_of_ten[count] + value_of_first(eight, count);
            }
            value = value * 100'000'000 + value_of_eight(eight);
            p += 8;
        }
    }
    for (; p != end && decimal_digit(*p); ++p) value = value * 10 + static_cast<unsigned char>(*p - '0');
    return value;
}

/// "00" to "99".
inline constexpr std::array<char, 200> digit_pairs = [] {
    std::array<char, 200> pairs{};
    for (unsigned i = 0; i != 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

/// The eight digits of a number below 10^8, less '0' each, the first in the lowest byte.
constexpr std::uint64_t digit_values(std::uint32_t value) noexcept {
    // Halves of four digits, then pairs, then digits; each division is a multiplication that is exact for its range.
    const std::uint64_t fours = value / 10'000 | std::uint64_t{value % 10'000} << 32;
    const std::uint64_t hundreds = ((fours * 10'486) >> 20) & 0x0000007F0000007Fu;
    const std::uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16;
    const std::uint64_t tens = ((pairs * 103) >> 10) & 0x000F000F000F000Fu;
    return tens | (pairs - 10 * tens) << 8;
}

/// Writes them as eight characters.
inline void put_digit_values(char* out, std::uint64_t values) noexcept {
    values |= 0x3030303030303030u;
    if constexpr (digits_by_eight) {
        std::memcpy(out, &values, 8);
    } else {
        for (int i = 0; i != 8; ++i) out[i] = static_cast<char>(values >> (8 * i) & 0xff);
    }
}

/// How many digits a number has; 1 for zero.
constexpr unsigned decimal_length(std::uint64_t value) noexcept {
    // 1233 / 4096 is a little more than the logarithm of 2 to the base 10: right, or one too many.
    const unsigned guess = (static_cast<unsigned>(std::bit_width(value)) * 1233) >> 12;
    return guess + (guess == 0 || value >= powers_of_ten[guess] ? 1 : 0);
}

/// Writes the digits of a number, at most 20.
///
/// @returns the end of what was written
inline char* write_digits(char* out, std::uint64_t value) noexcept {
    if (value < 10) {
        *out = static_cast<char>('0' + value);
        return out + 1;
    }
    char* const end = out + decimal_length(value);
    char* p = end;
    while (value >= 100) {
        p -= 2;
        std::memcpy(p, &digit_pairs[2 * (value % 100)], 2);
        value /= 100;
    }
    if (value >= 10) {
        std::memcpy(p - 2, &digit_pairs[2 * value], 2);
    } else {
        p[-1] = static_cast<char>('0' + value);
    }
    return end;
}

/// The same with a sign; at most 20 characters, too.
inline char* write_digits(char* out, std::int64_t value) noexcept {
    if (value >= 0) return write_digits(out, static_cast<std::uint64_t>(value));
    *out = '-';
    return write_digits(out + 1, std::uint64_t{0} - static_cast<std::uint64_t>(value));
}

}  // namespace farcall::detail
