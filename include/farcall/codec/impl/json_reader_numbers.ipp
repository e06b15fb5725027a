#pragma once

#include <farcall/codec/double_text.hpp>
#include <farcall/codec/json_reader.hpp>
#include <farcall/detail/digits.hpp>

namespace farcall {

FARCALL_DECL bool json_reader::take_number(detail::number_text& number) {
    if (peek() != json_kind::number) return wrong_kind("number");
    start_ = p_;
    const bool good = detail::scan_number(p_, end_, number);
    p_ = number.end;
    return good ? !failed_ : unexpected("digit");
}

// What is read in place is certainly a whole integer: no leading zero, no point, no exponent, no further digit. Less
// than eight digits need neither a loop nor a stack.

FARCALL_DECL bool json_reader::integer_within(std::int64_t& value, std::int64_t least, std::int64_t most) {
    const char* p = p_;
    const bool negative = p != end_ && *p == '-';
    if (negative) ++p;
    std::uint64_t magnitude = 0;
    if (!short_integer(p, magnitude)) return long_integer(value, least, most);
    const auto found = negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
    if (found < least || found > most) return general_integer(value, least, most);
    p_ = p;
    value = found;
    return true;
}

FARCALL_DECL bool json_reader::integer_within(std::uint64_t& value, std::uint64_t least, std::uint64_t most) {
    const char* p = p_;
    std::uint64_t found = 0;
    if (!short_integer(p, found)) return long_integer(value, least, most);
    if (found > most) return general_integer(value, least, most);
    p_ = p;
    value = found;
    return true;
}

[[gnu::always_inline]] inline bool json_reader::short_integer(const char*& p, std::uint64_t& magnitude) const noexcept {
    const char* const first = p;
    if (detail::digits_by_eight && end_ - p >= 8) {
        const std::uint64_t eight = detail::eight_digits(p);
        const unsigned count = detail::leading_digits(eight);
        if (count == 0 || count == 8) return false;
        p += count;
        magnitude = detail::value_of_first(eight, count);
    } else {
        const char* const enough = end_ - p > 7 ? p + 7 : end_;
        std::uint32_t value = 0;
        for (; p != enough && detail::decimal_digit(*p); ++p) value = value * 10 + static_cast<unsigned char>(*p - '0');
        magnitude = value;
    }
    return p != first && (p == end_ || *p == ',' || *p == ']' || *p == '}') && (*first != '0' || p - first == 1) && !failed_;
}

template <class Wide>
bool json_reader::long_integer(Wide& value, Wide least, Wide most) {
    const char* p = p_;
    const bool negative = std::is_signed_v<Wide> && p != end_ && *p == '-';
    if (negative) ++p;
    const char* const first = p;
    const std::uint64_t magnitude = detail::take_digits(p, end_ - p > 18 ? p + 18 : end_);
    const bool complete = p != first && (p == end_ || *p == ',' || *p == ']' || *p == '}');
    const auto found = static_cast<Wide>(negative ? std::uint64_t{0} - magnitude : magnitude);
    if (!complete || *first == '0' || failed_ || found < least || found > most) return general_integer(value, least, most);
    p_ = p;
    value = found;
    return true;
}

template <class Wide>
bool json_reader::general_integer(Wide& value, Wide least, Wide most) {
    detail::number_text number;
    if (peek() != json_kind::number) return wrong_kind("integer");
    if (!take_number(number)) return false;
    std::uint64_t magnitude = 0;
    const detail::number_outcome outcome = detail::to_integer(number, magnitude);
    if (outcome == detail::number_outcome::not_integral) {
        const std::string_view text{start_, static_cast<std::size_t>(p_ - start_)};
        p_ = start_;
        return fail("expected integer, found " + detail::excerpt(text));
    }
    const auto limit = number.negative ? std::uint64_t{0} - static_cast<std::uint64_t>(least) : static_cast<std::uint64_t>(most);
    if (outcome == detail::number_outcome::out_of_range || magnitude > limit) {
        return out_of_range(std::to_string(least), std::to_string(most));
    }
    value = static_cast<Wide>(number.negative ? std::uint64_t{0} - magnitude : magnitude);
    return true;
}

FARCALL_DECL bool json_reader::out_of_range(const std::string& least, const std::string& most) {
    const std::string_view text{start_, static_cast<std::size_t>(p_ - start_)};
    p_ = start_;
    std::string what = detail::excerpt(text) + " is out of range";
    if (!most.empty()) what += " (" + least + " to " + most + ")";
    return fail(std::move(what));
}

template <class Floating>
bool json_reader::floating(Floating& value) {
    detail::number_text number;
    if (!take_number(number)) return false;
    if (detail::to_floating(number, value) == detail::number_outcome::exact) return true;
    return out_of_range({}, {});
}

FARCALL_DECL bool json_reader::number(double& value) {
    // In place: digits with or without a point, at most 19 that count, and certainly all of the number.
    const char* p = p_;
    const bool negative = p != end_ && *p == '-';
    if (negative) ++p;
    const char* const first = p;
    std::uint64_t mantissa = detail::take_digits(p, end_ - p > 19 ? p + 19 : end_);
    std::ptrdiff_t left = 19 - (p - first);
    if (p == first || (*first == '0' && p - first != 1)) return floating(value);
    std::int64_t scale = 0;
    if (p != end_ && *p == '.') {
        const char* const point = p++;
        if (mantissa == 0) {
            while (p != end_ && *p == '0') ++p;
            left = 19;
        }
        const char* const behind = p;
        const std::uint64_t fraction = detail::take_digits(p, end_ - p > left ? p + left : end_);
        if (p - point == 1) return floating(value);
        scale = point + 1 - p;
        mantissa = mantissa * detail::powers_of_ten[static_cast<std::size_t>(p - behind)] + fraction;
    }
    const bool complete = p == end_ || *p == ',' || *p == ']' || *p == '}';
    double magnitude = 0;
    if (!complete || failed_ || !detail::exact_double(mantissa, scale, magnitude)) return floating(value);
    p_ = p;
    value = negative ? -magnitude : magnitude;
    return true;
}
FARCALL_DECL bool json_reader::number(float& value) {
    return floating(value);
}

}  // namespace farcall
