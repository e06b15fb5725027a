/// @file
/// What is read in place, in one pass, is what the general way says that takes every number apart first.

#include <farcall/codec/json_number.hpp>

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

#include <gtest/gtest.h>

#include "support.hpp"

namespace {

using farcall::json_reader;
using farcall::detail::number_outcome;
using farcall::detail::number_text;

/// Numbers, nearly numbers, and what may stand behind them.
class number_source {
public:
    std::string next() {
        std::string text;
        if (one_of(4)) text += '-';
        digits(text, one_of(3) ? 24 : 9);
        if (one_of(2)) {
            text += '.';
            digits(text, one_of(3) ? 24 : 9);
        }
        if (one_of(6)) {
            text += one_of(2) ? 'e' : 'E';
            if (one_of(2)) text += one_of(2) ? '-' : '+';
            digits(text, one_of(9) ? 4 : 2);
        }
        if (one_of(6) && !text.empty()) text[random_() % text.size()] = "0123456789-+.eE ,]}x\"\xff"[random_() % 22];
        constexpr std::string_view ends[] = {"", "", ",", "]", "}", " ", ",12345678", "]]]]]]]]", "x", "  ,"};
        text += ends[random_() % std::size(ends)];
        return text;
    }

private:
    bool one_of(unsigned many) { return random_() % many == 0; }
    void digits(std::string& text, unsigned most) {
        for (auto count = random_() % (most + 1); count != 0; --count)
            text += static_cast<char>('0' + (one_of(4) ? 0 : random_() % 10));
    }

    std::mt19937_64 random_{11};
};

/// The same value and the same place behind it, or no value in both ways.
template <class Integer>
void expect_same_integer(std::string_view text) {
    const codec_test::exact_text copy{text};
    json_reader in{copy.view()};
    Integer value{};
    const bool good = in.integer(value);

    number_text number;
    std::uint64_t magnitude = 0;
    const char* const first = copy.view().data();
    bool wanted = farcall::detail::scan_number(first, first + text.size(), number) &&
                  farcall::detail::to_integer(number, magnitude) == number_outcome::exact;
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
    wanted = wanted && magnitude <= (!number.negative ? most : std::is_signed_v<Integer> ? most + 1 : 0);
    ASSERT_EQ(good, wanted) << text;
    if (!good) return;
    ASSERT_EQ(value, static_cast<Integer>(number.negative ? 0 - magnitude : magnitude)) << text;
    ASSERT_EQ(in.offset(), static_cast<std::size_t>(number.end - first)) << text;
}

/// As std::from_chars, with zero for what is too small.
void expect_same_double(std::string_view text) {
    const codec_test::exact_text copy{text};
    json_reader in{copy.view()};
    double value = 7;
    const bool good = in.number(value);

    number_text number;
    const char* const first = copy.view().data();
    ASSERT_EQ(farcall::detail::scan_number(first, first + text.size(), number), good || !in.error().malformed) << text;
    if (!good) return;
    ASSERT_EQ(in.offset(), static_cast<std::size_t>(number.end - first)) << text;
    double wanted = 0;
    if (std::from_chars(number.begin, number.end, wanted).ec != std::errc{}) wanted = number.negative ? -0.0 : 0.0;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(wanted)) << text;
}

}  // namespace

TEST(number_text, gives_the_same_integers_in_place_and_in_general) {
    number_source source;
    for (int i = 0; i != 100'000; ++i) {
        const std::string text = source.next();
        if (text.starts_with(' ')) continue;
        expect_same_integer<std::int64_t>(text);
        expect_same_integer<std::uint64_t>(text);
        expect_same_integer<std::int32_t>(text);
        expect_same_integer<std::uint8_t>(text);
        if (HasFatalFailure()) return;
    }
}

TEST(number_text, gives_the_same_doubles_in_place_and_in_general) {
    number_source source;
    for (int i = 0; i != 100'000 && !HasFatalFailure(); ++i) {
        const std::string text = source.next();
        if (!text.starts_with(' ')) expect_same_double(text);
    }
    for (const char* text : {"0.0", "-0.0", "0.00000000000000000000", "0.000000000000000000001", "0.0000000000000000000012345678901234567",
                             "0.1", "00.1", ".1", "1.", "1.e5", "1.5e", "1234567890123456789.5", "0.12345678901234567890",
                             "0.00012345678901234567", "9007199254740993", "9007199254740992.5", "123456789012345678901234567890",
                             "1.7976931348623157e308", "1.7976931348623159e308", "4.9e-324", "2e-324", "-"}) {
        for (const char* behind : {"", ",", "]", "}", " ", "x", ".1", "]]]]]]]]]]]]]]]]", ",1,2,3,4,5,6,7,8"}) {
            expect_same_double(std::string{text} + behind);
        }
    }
}

TEST(number_text, gives_integers_at_the_edges_of_their_types) {
    for (const char* text : {"0", "-0", "127", "128", "-128", "-129", "255", "256", "-1", "2147483647", "2147483648",
                             "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
                             "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
                             "18446744073709551616", "999999999999999999", "1000000000000000000", "00", "-00", "01",
                             "00000000", "01234567", "012345678", "-", "1.0", "10e2", "1234567.0", "12345678e0"}) {
        for (const char* behind : {"", ",", "]]]]]]]]]]]]]]]]", ",1,2,3,4,5,6,7,8"}) {
            const std::string all = std::string{text} + behind;
            expect_same_integer<std::int8_t>(all);
            expect_same_integer<std::uint8_t>(all);
            expect_same_integer<std::int32_t>(all);
            expect_same_integer<std::int64_t>(all);
            expect_same_integer<std::uint64_t>(all);
        }
    }
}
