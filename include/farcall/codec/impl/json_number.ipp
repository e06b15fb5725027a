#pragma once

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include <farcall/codec/double_text.hpp>
#include <farcall/codec/json_number.hpp>

namespace farcall::detail {

inline bool digit(const char* p, const char* end) noexcept {
    return p != end && static_cast<unsigned char>(*p - '0') < 10;
}

FARCALL_DECL bool scan_number(const char* p, const char* end, number_text& number) noexcept {
    number = number_text{};
    number.begin = p;
    const auto broken = [&](const char* at) {
        number.end = at;
        return false;
    };
    const auto take_digits = [&] {
        const char* const first = p;
        for (; digit(p, end); ++p) number.mantissa = number.mantissa * 10 + static_cast<unsigned char>(*p - '0');
        return static_cast<std::size_t>(p - first);
    };

    if (p != end && *p == '-') {
        number.negative = true;
        ++p;
    }
    if (!digit(p, end)) return broken(p);
    if (*p == '0') {
        ++p;
        number.digits = 1;
        if (digit(p, end)) return broken(p);
    } else {
        number.digits = take_digits();
    }
    if (p != end && *p == '.') {
        ++p;
        number.plain = false;
        number.fraction = take_digits();
        if (number.fraction == 0) return broken(p);
        number.digits += number.fraction;
    }
    number.digits_end = p;
    if (p != end && (*p == 'e' || *p == 'E')) {
        ++p;
        number.plain = false;
        bool negative = false;
        if (p != end && (*p == '+' || *p == '-')) {
            negative = *p == '-';
            ++p;
        }
        if (!digit(p, end)) return broken(p);
        constexpr std::int64_t enough = 1'000'000'000'000'000;
        for (; digit(p, end); ++p) {
            if (number.exponent < enough) number.exponent = number.exponent * 10 + (*p - '0');
        }
        if (negative) number.exponent = -number.exponent;
    }
    number.end = p;
    return true;
}

/// Digits of the mantissa from its first to its last that is not zero, and the power of ten of the last.
struct significant_digits {
    const char* begin;
    const char* end;
    std::int64_t count;
    std::int64_t scale;
};

inline significant_digits significant(const number_text& number) noexcept {
    const char* begin = number.begin + (number.negative ? 1 : 0);
    const char* end = number.digits_end;
    auto count = static_cast<std::int64_t>(number.digits);
    std::int64_t scale = number.exponent - static_cast<std::int64_t>(number.fraction);
    for (; begin != end && (*begin == '0' || *begin == '.'); ++begin) count -= *begin == '0';
    for (; begin != end && (end[-1] == '0' || end[-1] == '.'); --end) {
        if (end[-1] == '.') continue;
        --count;
        ++scale;
    }
    return {begin, end, count, scale};
}

FARCALL_DECL number_outcome to_integer(const number_text& number, std::uint64_t& magnitude) noexcept {
    if (number.plain && number.digits <= 19) {
        magnitude = number.mantissa;
        return number_outcome::exact;
    }
    const significant_digits found = significant(number);
    magnitude = 0;
    if (found.count == 0) return number_outcome::exact;
    if (found.scale < 0) return number_outcome::not_integral;
    if (found.count + found.scale > 20) return number_outcome::out_of_range;
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const auto append = [&](unsigned value) {
        if (magnitude > (most - value) / 10) return false;
        magnitude = magnitude * 10 + value;
        return true;
    };
    for (const char* p = found.begin; p != found.end; ++p) {
        if (*p != '.' && !append(static_cast<unsigned char>(*p - '0'))) return number_outcome::out_of_range;
    }
    for (std::int64_t i = 0; i != found.scale; ++i) {
        if (!append(0)) return number_outcome::out_of_range;
    }
    return number_outcome::exact;
}

template <class Floating>
number_outcome convert_floating(const number_text& number, Floating& value) noexcept {
    const std::from_chars_result got = std::from_chars(number.begin, number.end, value);
    if (got.ec == std::errc{} && !std::isinf(value)) return number_outcome::exact;
    const significant_digits found = significant(number);
    if (found.count + found.scale > 0) return number_outcome::out_of_range;
    value = number.negative ? -Floating{0} : Floating{0};
    return number_outcome::exact;
}

FARCALL_DECL number_outcome to_floating(const number_text& number, double& value) noexcept {
    double magnitude = 0;
    const std::int64_t scale = number.exponent - static_cast<std::int64_t>(number.fraction);
    if (number.digits > 19 || !exact_double(number.mantissa, scale, magnitude)) return convert_floating(number, value);
    value = number.negative ? -magnitude : magnitude;
    return number_outcome::exact;
}

FARCALL_DECL number_outcome to_floating(const number_text& number, float& value) noexcept {
    return convert_floating(number, value);
}

}  // namespace farcall::detail
