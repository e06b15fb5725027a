#include <farcall/codec/arithmetic.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;

TEST(arithmetic, booleans_are_true_and_false_only) {
    expect_form(true, "true");
    expect_form(false, "false");
    EXPECT_EQ(decode_error<bool>("1"), "expected boolean, found number");
    EXPECT_EQ(decode_error<bool>("\"true\""), "expected boolean, found string");
    EXPECT_EQ(decode_error<bool>("tru"), "malformed: expected true, found the end of the text");
}

TEST(arithmetic, integers_go_both_ways_at_the_ends_of_their_range) {
    const auto ends = []<class T>(T) {
        expect_form(std::numeric_limits<T>::min(), std::to_string(std::numeric_limits<T>::min()));
        expect_form(std::numeric_limits<T>::max(), std::to_string(std::numeric_limits<T>::max()));
        expect_form(T{0}, "0");
    };
    ends(static_cast<signed char>(0));
    ends(static_cast<unsigned char>(0));
    ends(static_cast<short>(0));
    ends(static_cast<unsigned short>(0));
    ends(0);
    ends(0u);
    ends(0l);
    ends(0ul);
    ends(0ll);
    ends(0ull);
}

TEST(arithmetic, integers_take_integral_numbers_and_nothing_else) {
    EXPECT_EQ(decoded<int>("3.0"), 3);
    EXPECT_EQ(decoded<int>("1e2"), 100);
    EXPECT_EQ(decode_error<int>("3.5"), "expected integer, found 3.5");
    EXPECT_EQ(decode_error<int>("\"7\""), "expected integer, found string");
    EXPECT_EQ(decode_error<int>("2147483648"), "2147483648 is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(decode_error<std::uint64_t>("18446744073709551616"),
              "18446744073709551616 is out of range (0 to 18446744073709551615)");
}

TEST(arithmetic, doubles_are_exact_both_ways) {
    expect_form(0.1, "0.1");
    expect_form(-0.0, "-0");
    EXPECT_TRUE(std::signbit(decoded<double>("-0.0")));
    expect_form(std::numeric_limits<double>::max(), "1.7976931348623157e+308");
    expect_form(std::numeric_limits<double>::min(), "2.2250738585072014e-308");
    expect_form(std::numeric_limits<double>::denorm_min(), "5e-324");
    EXPECT_EQ(decoded<double>("9007199254740993"), 9007199254740992.0);
    EXPECT_EQ(decoded<double>("9007199254740993.00000000000000000000000001"), 9007199254740994.0);
    EXPECT_EQ(decoded<double>("0.3e0"), 0.3);
    EXPECT_EQ(decoded<double>("123456789012345678901234567890"), 123456789012345678901234567890.0);
    EXPECT_EQ(decoded<double>("2.2250738585072011e-308"), 2.2250738585072011e-308);
    EXPECT_EQ(decoded<double>("1e22"), 1e22);
    EXPECT_EQ(decoded<double>("1e23"), 1e23);
    EXPECT_EQ(decoded<double>("3"), 3.0);
}

TEST(arithmetic, doubles_round_trip_from_random_bits) {
    std::mt19937_64 random{1};
    for (int i = 0; i != 20'000; ++i) {
        const std::uint64_t bits = random();
        double value;
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value)) continue;
        EXPECT_EQ(decoded<double>(encoded(value)), value);
    }
}

TEST(arithmetic, short_decimals_agree_with_the_standard_library) {
    std::mt19937_64 random{2};
    for (int i = 0; i != 20'000; ++i) {
        std::string text = std::to_string(random() % 100'000'000'000'000'000);
        text.resize(1 + random() % text.size());
        if (text.size() > 2 && text[0] != '0') text.insert(1 + random() % (text.size() - 2), ".");
        if (text[0] == '0') text = "0";
        text += "e" + std::to_string(static_cast<int>(random() % 60) - 30);
        EXPECT_EQ(decoded<double>(text), std::strtod(text.c_str(), nullptr)) << text;
    }
}

TEST(arithmetic, doubles_too_large_are_out_of_range_and_too_small_are_zero) {
    EXPECT_EQ(decode_error<double>("1e400"), "1e400 is out of range");
    EXPECT_EQ(decode_error<double>("-1e400"), "-1e400 is out of range");
    EXPECT_EQ(decode_error<double>("1.7976931348623159e308"), "1.7976931348623159e308 is out of range");
    EXPECT_EQ(decode_error<double>("1e99999999999999999999"), "1e99999999999999999999 is out of range");
    EXPECT_EQ(decode_error<double>(std::string(1000, '9')), std::string(40, '9') + "... is out of range");
    EXPECT_EQ(decoded<double>("1e-400"), 0.0);
    EXPECT_EQ(decoded<double>("1e-99999999999999999999"), 0.0);
    EXPECT_TRUE(std::signbit(decoded<double>("-1e-400")));
    EXPECT_EQ(decoded<double>("0e99999999999999999999"), 0.0);
    EXPECT_EQ(decoded<double>("0.0000e400"), 0.0);
    EXPECT_EQ(decoded<double>(std::string(400, '1') + "e-390"), 1.1111111111111111e9);
    EXPECT_EQ(decoded<double>("0." + std::string(400, '0') + "1e401"), 1.0);
}

TEST(arithmetic, floats_have_their_own_shortest_form_and_range) {
    expect_form(0.1f, "0.1");
    expect_form(16777216.0f, "16777216");
    expect_form(std::numeric_limits<float>::max(), "3.4028235e+38");
    EXPECT_EQ(decode_error<float>("1e39"), "1e39 is out of range");
    EXPECT_EQ(decoded<float>("1e-60"), 0.0f);
    // Rounded once, from the text: by way of double it would be rounded twice, and up.
    EXPECT_EQ(decoded<float>("1.00000017881393432617187499"), 1.00000011920928955078125f);
}

TEST(arithmetic, floating_point_takes_numbers_only) {
    EXPECT_EQ(decode_error<double>("\"1.5\""), "expected number, found string");
    EXPECT_EQ(decode_error<double>("null"), "expected number, found null");
    EXPECT_EQ(decode_error<double>("1.5.5"), "malformed: expected the end of the text, found '.'");
}

TEST(arithmetic, nan_and_infinity_cannot_be_written) {
    EXPECT_EQ(encode_error(std::nan("")), "NaN has no JSON form; use std::optional for a number that may be missing");
    EXPECT_EQ(encode_error(-HUGE_VALF),
              "infinity has no JSON form; use std::optional for a number that may be missing");
}

TEST(arithmetic, a_char_is_a_string_of_one_ascii_character) {
    expect_form('x', "\"x\"");
    expect_form('"', R"("\"")");
    expect_form('\0', R"("\u0000")");
    EXPECT_EQ(decode_error<char>("\"xy\""), "expected a string of one ASCII character, found \"xy\"");
    EXPECT_EQ(decode_error<char>("\"\""), "expected a string of one ASCII character, found \"\"");
    EXPECT_EQ(decode_error<char>("\"\xc3\xa4\""), "expected a string of one ASCII character, found \"\xc3\xa4\"");
    EXPECT_EQ(decode_error<char>("120"), "expected string, found number");
    EXPECT_EQ(encode_error('\xe4'), "a char that is not ASCII has no JSON form; use std::uint8_t for a number");
}

TEST(arithmetic, numbers_of_a_megabyte_take_linear_time) {
    const std::string digits(1'000'000, '7');
    EXPECT_EQ(decode_error<double>(digits), std::string(40, '7') + "... is out of range");
    EXPECT_EQ(decode_error<int>(digits), std::string(40, '7') + "... is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(decoded<double>("0." + digits), 0.7777777777777778);
    EXPECT_EQ(decode_error<int>("0." + digits), "expected integer, found 0." + std::string(38, '7') + "...");
}
