#pragma once

#include <array>
#include <bit>
#include <cfloat>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <farcall/codec/double_text.hpp>
#include <farcall/detail/digits.hpp>

namespace farcall::detail {

/// With both factors exact doubles, their one product or quotient is rounded correctly.
/// @see Clinger: How to read floating point numbers accurately (1990)
inline bool quick_double(std::uint64_t mantissa, std::int64_t scale, double& value) noexcept {
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
    constexpr static std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mantissa > (std::uint64_t{1} << 53) || scale < -22 || scale > 22) return false;
    const auto exact = static_cast<double>(mantissa);
    value = scale < 0 ? exact / powers[static_cast<std::size_t>(-scale)] : exact * powers[static_cast<std::size_t>(scale)];
    return true;
#else
    static_cast<void>(mantissa), static_cast<void>(scale), static_cast<void>(value);
    return false;
#endif
}

#if defined(__SIZEOF_INT128__)
__extension__ using uint128 = unsigned __int128;

/// Five to the power of 0 to 27, which are those that fit.
inline constexpr std::array<std::uint64_t, 28> powers_of_five = [] {
    std::array<std::uint64_t, 28> powers{1};
    for (std::size_t i = 1; i != powers.size(); ++i) powers[i] = powers[i - 1] * 5;
    return powers;
}();

struct division {
    std::uint64_t quotient, remainder;
};

/// Divides 128 bits by 64, the topmost of which is set; `high` is less than `divisor`.
inline division divide(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) noexcept {
#if defined(__x86_64__) && defined(__GNUC__)
    // One instruction, which the compiler does not know to be enough.
    division result;
    __asm__("divq %4" : "=a"(result.quotient), "=d"(result.remainder) : "0"(low), "1"(high), "r"(divisor) : "cc");
    return result;
#else
    const uint128 dividend = static_cast<uint128>(high) << 64 | low;
    const auto quotient = static_cast<std::uint64_t>(dividend / divisor);
    return {quotient, low - quotient * divisor};
#endif
}

/// What 128 bits hold of a number, its topmost bit set.
struct wide_number {
    std::uint64_t upper, lower;
};

/// One divided by a power of five, cut off behind 128 bits.
inline constexpr std::array<wide_number, 28> fifths = [] {
    std::array<wide_number, 28> all{};
    for (std::size_t i = 1; i != all.size(); ++i) {
        const std::uint64_t divisor = powers_of_five[i];
        std::uint64_t rest = std::bit_floor(divisor);
        uint128 quotient = 0;
        for (int bit = 0; bit != 128; ++bit) {
            rest <<= 1;
            quotient = quotient << 1 | (rest >= divisor ? 1u : 0u);
            if (rest >= divisor) rest -= divisor;
        }
        all[i] = {static_cast<std::uint64_t>(quotient >> 64), static_cast<std::uint64_t>(quotient)};
    }
    return all;
}();

FARCALL_DECL bool exact_double(std::uint64_t mantissa, std::int64_t scale, double& value) noexcept {
    if (quick_double(mantissa, scale, value)) return true;
    if (mantissa == 0 || scale < -27 || scale > 27) return false;
    // `high` times two to the power of `exponent`, with its topmost bit set, and whether that is a little too small.
    std::uint64_t high = 0;
    bool more = false;
    auto exponent = static_cast<int>(scale);
    if (scale >= 0) {
        const uint128 product = static_cast<uint128>(mantissa) * powers_of_five[static_cast<std::size_t>(scale)];
        const auto upper = static_cast<std::uint64_t>(product >> 64), lower = static_cast<std::uint64_t>(product);
        const int bits = upper == 0 ? 64 - std::countl_zero(lower) : 128 - std::countl_zero(upper);
        high = static_cast<std::uint64_t>(bits <= 64 ? product << (64 - bits) : product >> (bits - 64));
        more = bits > 64 && lower << (128 - bits) != 0;
        exponent += bits - 64;
    } else {
        // Both with their topmost bit set: the quotient has 63 bits or 64, and what is left over is the rest of it.
        const auto power = static_cast<std::size_t>(-scale);
        const int up = std::countl_zero(mantissa), under = std::countl_zero(powers_of_five[power]);
        const std::uint64_t dividend = mantissa << up;
        const uint128 product = static_cast<uint128>(dividend) * fifths[power].upper +
                                static_cast<std::uint64_t>(static_cast<uint128>(dividend) * fifths[power].lower >> 64);
        high = static_cast<std::uint64_t>(product >> 64);
        std::uint64_t behind = static_cast<std::uint64_t>(product);
        more = true;
        // The product is too small by less than two in its lowest place. That changes no bit that counts, unless all
        // below that are ones; nor can there be nothing left over, unless all are zeros. Then it is divided indeed.
        if ((behind & ~(std::uint64_t{1} << 63)) - 1 >= (std::uint64_t{1} << 63) - 4) {
            const division quotient = divide(dividend >> 1, dividend << 63, powers_of_five[power] << under);
            high = quotient.quotient;
            behind = 0;
            more = quotient.remainder != 0;
        }
        // Either is as likely, here as below: no branches.
        const auto shift = static_cast<unsigned>(high >> 63 ^ 1);
        high = high << shift | (behind >> 63 & shift);
        exponent += under - up - 63 - static_cast<int>(shift);
    }
    std::uint64_t kept = high >> 11;
    const std::uint64_t rest = high & 0x7ff;
    const bool tie_up = more || (kept & 1) != 0;
    kept += static_cast<std::uint64_t>(rest > 0x400) + static_cast<std::uint64_t>((rest == 0x400) & tie_up);
    // The topmost of the 53 bits is not stored, and adds one to the exponent; so does a carry out of it.
    value = std::bit_cast<double>((static_cast<std::uint64_t>(exponent + 11 + 52 + 1023 - 1) << 52) + kept);
    return true;
}

/// Ten to the power of 1 to 55, exactly: this times a power of two, with its topmost bit set.
inline constexpr std::array<wide_number, 56> wide_powers_of_ten = [] {
    std::array<wide_number, 56> powers{};
    uint128 five = 1;
    for (wide_number& power : powers) {
        uint128 shifted = five;
        while (shifted >> 127 == 0) shifted <<= 1;
        power = {static_cast<std::uint64_t>(shifted >> 64), static_cast<std::uint64_t>(shifted)};
        five *= 5;
    }
    return powers;
}();

/// A number in decimal: digits, at most 17, and what power of ten they are multiplied with.
struct decimal {
    std::uint64_t digits;
    int scale;
};

/// The shortest decimal that rounds to this double, and the nearest to it of those.
///
/// @param fraction  52 bits; `exponent` is that of the whole number of 53 bits, from -178 to -1
/// @see Giulietti: The Schubfach way to render doubles (2020), here with exact powers, so that nothing is estimated
inline decimal shortest_decimal(std::uint64_t fraction, int exponent) noexcept {
    const std::uint64_t whole = fraction | std::uint64_t{1} << 52;
    const bool even = (whole & 1) == 0;
    // Below a power of two doubles are twice as close.
    const bool closer_below = fraction == 0;
    // Logarithms to the base ten of a power of two, and of three quarters of one, times 2^41.
    const std::int64_t log = exponent * std::int64_t{661'971'961'083} - (closer_below ? 274'743'187'321 : 0);
    const auto up = static_cast<int>(-(log >> 41));
    const int shift = exponent + static_cast<int>((up * std::int64_t{913'124'641'741}) >> 38);
    const wide_number ten = wide_powers_of_ten[static_cast<std::size_t>(up)];

    // Each is 192 bits, of which the lowest 129 stand behind the point.
    struct scaled {
        std::uint64_t top;
        uint128 low;
        std::uint64_t integer() const noexcept { return top >> 1; }
        bool whole() const noexcept { return (top & 1) == 0 && low == 0; }
        bool half_up() const noexcept { return (top & 1) != 0 && (low != 0 || (top & 2) != 0); }
    };
    const std::uint64_t number = whole << (shift + 2);
    const uint128 lowest = static_cast<uint128>(number) * ten.lower;
    const uint128 high = static_cast<uint128>(number) * ten.upper + static_cast<std::uint64_t>(lowest >> 64);
    const scaled middle{static_cast<std::uint64_t>(high >> 64), high << 64 | static_cast<std::uint64_t>(lowest)};
    // Half the way to the next double, and to the one before.
    const uint128 power = static_cast<uint128>(ten.upper) << 64 | ten.lower;
    const int below = shift + (closer_below ? 0 : 1);
    const scaled step_up{ten.upper >> (63 - shift), power << (shift + 1)};
    const scaled step_down{below == 0 ? 0 : ten.upper >> (64 - below), power << below};
    const uint128 upper_low = middle.low + step_up.low;
    const scaled upper{middle.top + step_up.top + (upper_low < middle.low ? 1 : 0), upper_low};
    const scaled lower{middle.top - step_down.top - (middle.low < step_down.low ? 1 : 0), middle.low - step_down.low};
    // What lies half way between two doubles is read as the even one.
    const std::uint64_t least = lower.integer() + (lower.whole() && even ? 0 : 1);
    const std::uint64_t most = upper.integer() - (upper.whole() && !even ? 1 : 0);
    std::uint64_t nearest = middle.integer() + (middle.half_up() ? 1 : 0);
    nearest = nearest < least ? least : nearest;
    nearest = nearest > most ? most : nearest;
    // A multiple of ten among them is a digit shorter. Either is as likely, so that it is chosen without a branch.
    const std::uint64_t tens = most / 10;
    const bool shorter = tens * 10 >= least;
    return {shorter ? tens : nearest, shorter ? 1 - up : -up};
}

/// Writes the decimal without zeros at its end, with a point or an exponent, whichever is shorter.
///
/// @param out  has room for 48 characters: what is copied has one size, and some of it is overwritten or not used
inline char* write_decimal(char* out, decimal number) noexcept {
    char all[64];
    const std::uint64_t upper = number.digits / 100'000'000;
    const auto first = static_cast<std::uint32_t>(upper / 100'000'000);
    const std::uint64_t middle = digit_values(static_cast<std::uint32_t>(upper % 100'000'000));
    const std::uint64_t last = digit_values(static_cast<std::uint32_t>(number.digits % 100'000'000));
    all[7] = static_cast<char>('0' + first);
    put_digit_values(all + 8, middle);
    put_digit_values(all + 16, last);
    const int zeros = last != 0 ? std::countl_zero(last) / 8 : middle != 0 ? 8 + std::countl_zero(middle) / 8 : 16;
    const auto full_length = static_cast<int>(decimal_length(number.digits));
    const char* const digits = all + 24 - full_length;
    const int length = full_length - zeros;
    const int scale = number.scale + zeros;

    const int exponent = scale + length - 1;
    const int scientific = length + (length > 1 ? 1 : 0) + (exponent > -100 ? 4 : 5);
    const int fixed = scale >= 0 ? length + scale : scale > -length ? length + 1 : 2 - scale;
    if (fixed > scientific) {
        *out = *digits;
        out[1] = '.';
        std::memcpy(out + 2, digits + 1, 16);
        out += length > 1 ? length + 1 : 1;
        *out++ = 'e';
        *out++ = exponent < 0 ? '-' : '+';
        const auto absolute = static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent);
        if (absolute < 10) *out++ = '0';
        return write_digits(out, absolute);
    }
    if (scale >= 0) {
        // The digits of an integer are all there, those at its end too.
        std::memcpy(out, digits, 24);
    } else if (exponent >= 0) {
        const int before = exponent + 1;
        std::memcpy(out, digits, 16);
        out[before] = '.';
        std::memcpy(out + before + 1, digits + before, 16);
    } else {
        std::memcpy(out, "0.000000", 8);
        std::memcpy(out + 1 - exponent, digits, 24);
    }
    return out + fixed;
}

/// Writes what halves, quarters and so on down to 1/256 add up to.
///
/// Of 15 digits no two decimals are the same double, so that none is shorter than the exact one; nor is any with an
/// exponent.
/// @param number  odd: what is written, below 10^7, times two to the power of `places`
/// @param places  binary digits behind the point, 1 to 8
inline char* write_halves(char* out, std::uint64_t number, int places) noexcept {
    const auto count = static_cast<std::size_t>(places);
    const std::uint64_t behind = (number & ((std::uint64_t{1} << places) - 1)) * powers_of_five[count];
    out = write_digits(out, number >> places);
    *out++ = '.';
    put_digit_values(out, digit_values(static_cast<std::uint32_t>(behind * powers_of_ten[8 - count])));
    return out + places;
}
#else
FARCALL_DECL bool exact_double(std::uint64_t mantissa, std::int64_t scale, double& value) noexcept {
    return quick_double(mantissa, scale, value);
}
#endif

FARCALL_DECL char* write_double(char* out, double value) noexcept {
#if defined(__SIZEOF_INT128__)
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1075;
    const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
    if (exponent < 0 && exponent >= -178) {
        if (bits >> 63 != 0) *out++ = '-';
        const std::uint64_t whole = fraction | std::uint64_t{1} << 52;
        const int zeros = std::countr_zero(whole);
        // Binary digits behind the point, and as many decimal ones.
        const int places = -exponent - zeros;
        if (places <= 0) {
            const std::uint64_t integer = whole >> -exponent;
            // Below this no exponent makes it shorter.
            if (integer < 100'000) return write_digits(out, integer);
            return write_decimal(out, {integer, 0});
        }
        if (places <= 8 && whole >> -exponent < 10'000'000) return write_halves(out, whole >> zeros, places);
        return write_decimal(out, shortest_decimal(fraction, exponent));
    }
#endif
    return std::to_chars(out, out + 24, value).ptr;
}

}  // namespace farcall::detail
