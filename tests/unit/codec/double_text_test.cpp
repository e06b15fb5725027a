#include <farcall/codec/double_text.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace {

using farcall::detail::exact_double;

void expect_text_of_std(double value) {
    char ours[farcall::detail::double_room];
    char theirs[64];
    const std::string text{ours, farcall::detail::write_double(ours, value)};
    ASSERT_EQ(text, (std::string{theirs, std::to_chars(theirs, theirs + sizeof theirs, value).ptr})) << std::hexfloat << value;
}

void expect_text_of_std_around(double value) {
    expect_text_of_std(value);
    expect_text_of_std(-value);
    expect_text_of_std(std::nextafter(value, 0));
    const double above = std::nextafter(value, std::numeric_limits<double>::infinity());
    if (std::isfinite(above)) expect_text_of_std(above);
}

/// Where it answers at all, it answers as std::from_chars.
void expect_value_of_std(std::uint64_t mantissa, int scale) {
    double ours = 0, theirs = 0;
    if (!exact_double(mantissa, scale, ours)) return;
    const std::string text = std::to_string(mantissa) + 'e' + std::to_string(scale);
    std::from_chars(text.data(), text.data() + text.size(), theirs);
    ASSERT_EQ(std::bit_cast<std::uint64_t>(ours), std::bit_cast<std::uint64_t>(theirs)) << text;
}

constexpr int rounds = 100'000;

}  // namespace

TEST(double_text, is_what_std_to_chars_writes_of_random_doubles) {
    std::mt19937_64 random{1};
    for (int i = 0; i != rounds && !testing::Test::HasFatalFailure(); ++i) {
        const std::uint64_t bits = random();
        const auto unit = static_cast<double>(bits >> 11);
        if (const auto any = std::bit_cast<double>(bits); std::isfinite(any)) expect_text_of_std(any);
        expect_text_of_std(std::ldexp(unit, -53));
        expect_text_of_std_around(std::ldexp(unit, -53 - static_cast<int>(bits % 140) + 20));
    }
}

TEST(double_text, is_what_std_to_chars_writes_of_short_decimals_and_integers) {
    std::mt19937_64 random{2};
    for (int i = 0; i != rounds && !testing::Test::HasFatalFailure(); ++i) {
        const std::uint64_t bits = random();
        const auto integer = static_cast<double>(static_cast<std::int64_t>(bits >> (bits % 64)));
        expect_text_of_std(integer);
        expect_text_of_std(integer / std::pow(10.0, static_cast<double>(bits % 23)));
        expect_text_of_std(static_cast<double>(bits % 10'000'000) / 100.0);
        expect_text_of_std(static_cast<double>(bits % 100) * std::pow(10.0, static_cast<double>(bits / 100 % 20)));
    }
    for (int exponent = -330; exponent < 309 && !testing::Test::HasFatalFailure(); ++exponent) {
        for (int digits = 1; digits < 100; ++digits) {
            expect_text_of_std_around(std::strtod((std::to_string(digits) + 'e' + std::to_string(exponent)).c_str(), nullptr));
        }
    }
}

TEST(double_text, is_what_std_to_chars_writes_of_halves_and_quarters_and_so_on) {
    for (int places = 1; places != 12; ++places) {
        for (int number = 1; number < 1 << places && !testing::Test::HasFatalFailure(); ++number) {
            for (const double whole : {0.0, 1.0, 12.0, 999'999.0, 9'999'999.0, 10'000'000.0, 4'294'967'296.0, 99'999'999'999.0})
                expect_text_of_std_around(whole + std::ldexp(number, -places));
        }
    }
}

TEST(double_text, is_what_std_to_chars_writes_around_every_power_of_two_and_at_the_ends) {
    for (int exponent = -1074; exponent < 1024; ++exponent) expect_text_of_std_around(std::ldexp(1.0, exponent));
    using limits = std::numeric_limits<double>;
    for (const double value : {0.0, -0.0, limits::min(), limits::denorm_min(), limits::max(), 9007199254740991.0,
                               9007199254740992.0, 4503599627370495.5, 99999.0, 100000.0, 123456.0, 1e5, 1e-5, 0.00012}) {
        expect_text_of_std(value);
    }
}

TEST(double_text, is_read_as_std_from_chars_reads_it) {
    std::mt19937_64 random{3};
    for (int i = 0; i != 3 * rounds && !testing::Test::HasFatalFailure(); ++i) {
        expect_value_of_std(random() >> (random() % 64), static_cast<int>(random() % 64) - 32);
    }
}

TEST(double_text, is_read_to_even_half_way_between_two_doubles) {
    std::mt19937_64 random{4};
    for (int i = 0; i != rounds && !testing::Test::HasFatalFailure(); ++i) {
        // An odd number of 54 bits lies half way; with zeros behind it, so do its multiples.
        std::uint64_t half = (random() >> 10) | (std::uint64_t{1} << 53) | 1;
        for (int scale = 0; scale != 4; ++scale, half *= 10) {
            expect_value_of_std(half, -scale);
            expect_value_of_std(half - 1, -scale);
            expect_value_of_std(half + 1, -scale);
        }
        // A power of two more is half way as well.
        expect_value_of_std(((random() >> 11) | (std::uint64_t{1} << 53) | 1) << (random() % 10), 0);
    }
}

TEST(double_text, leaves_to_others_what_128_bits_cannot_tell) {
    double value = 7;
    EXPECT_FALSE(exact_double(std::uint64_t{1} << 60 | 1, 28, value));
    EXPECT_FALSE(exact_double(std::uint64_t{1} << 60 | 1, -28, value));
    EXPECT_FALSE(exact_double(1, std::numeric_limits<std::int64_t>::min(), value));
    EXPECT_FALSE(exact_double(1, std::numeric_limits<std::int64_t>::max(), value));
    EXPECT_EQ(value, 7);
}
