#include <farcall/codec/packed.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;
using farcall::packed;

namespace {

template <class T>
using numbers = packed<std::vector<T>>;

template <class T>
std::string schema() {
    farcall::detail::text_buffer text;
    farcall::json_writer out{text};
    farcall::schema_components components;
    farcall::schema_writer writer{out, components};
    farcall::write_schema<T>(writer);
    EXPECT_TRUE(out.ok());
    return std::string{text.view()};
}

/// What the schema of a type says of base64 texts.
template <class T>
std::regex pattern() {
    const std::string all = schema<T>();
    const std::string_view before = R"("pattern":")";
    const std::size_t first = all.find(before) + before.size();
    return std::regex{all.substr(first, all.find('"', first) - first)};
}

template <class T>
void expect_survival(const std::vector<T>& values) {
    const numbers<T> again = decoded<numbers<T>>(encoded(numbers<T>{values}));
    ASSERT_EQ(again->size(), values.size());
    EXPECT_TRUE(values.empty() || std::memcmp(again->data(), values.data(), values.size() * sizeof(T)) == 0);
}

template <class T>
void expect_survival_of_random_values() {
    std::mt19937_64 random{5};
    for (std::size_t count = 0; count != 70; ++count) {
        std::vector<T> values(count);
        for (T& one : values) one = static_cast<T>(random());
        expect_survival(values);
    }
}

constexpr std::string_view bad_character = "expected base64 text, found another character, or bits behind its end";

}  // namespace

TEST(packed, is_base64_of_the_little_endian_bytes) {
    expect_form(numbers<double>{{1.0}}, R"("AAAAAAAA8D8=")");
    expect_form(numbers<double>{{1.0, -2.5}}, R"("AAAAAAAA8D8AAAAAAAAEwA==")");
    expect_form(numbers<float>{{1.0F}}, R"("AACAPw==")");
    expect_form(numbers<std::uint8_t>{{1, 2, 3}}, R"("AQID")");
    expect_form(numbers<std::int16_t>{{-2, 258}}, R"("/v8CAQ==")");
    expect_form(numbers<std::uint32_t>{{0x04030201}}, R"("AQIDBA==")");
    expect_form(numbers<std::int64_t>{{-1}}, R"("//////////8=")");
    expect_form(numbers<double>{}, R"("")");
}

TEST(packed, keeps_every_value_of_every_length) {
    expect_survival_of_random_values<std::int8_t>();
    expect_survival_of_random_values<std::uint8_t>();
    expect_survival_of_random_values<std::int16_t>();
    expect_survival_of_random_values<std::uint16_t>();
    expect_survival_of_random_values<std::int32_t>();
    expect_survival_of_random_values<std::uint32_t>();
    expect_survival_of_random_values<std::int64_t>();
    expect_survival_of_random_values<std::uint64_t>();
    expect_survival_of_random_values<float>();
    expect_survival_of_random_values<double>();
}

TEST(packed, keeps_what_decimals_cannot_tell) {
    using limits = std::numeric_limits<double>;
    expect_survival<double>({limits::quiet_NaN(), -limits::quiet_NaN(), limits::infinity(), -limits::infinity(), -0.0,
                             limits::denorm_min(), limits::max()});
}

TEST(packed, of_booleans_is_a_byte_each) {
    expect_form(packed<std::array<bool, 3>>{{true, false, true}}, R"("AQAB")");
    EXPECT_EQ((decode_error<packed<std::array<bool, 3>>>(R"("AQAC")")), "[2]: expected 0 or 1 for a bool, found 2");
    EXPECT_EQ((decode_error<packed<std::array<bool, 3>>>(R"("/wAB")")), "[0]: expected 0 or 1 for a bool, found 255");
    EXPECT_EQ((decode_error<packed<std::array<bool, 3>>>(R"("AQ-B")")), bad_character);
}

TEST(packed, of_an_array_has_its_size) {
    expect_form(packed<std::array<std::uint16_t, 2>>{{1, 2}}, R"("AQACAA==")");
    EXPECT_EQ((decode_error<packed<std::array<std::uint16_t, 2>>>(R"("AQA=")")), "expected 2 elements, found 1");
    EXPECT_EQ((decode_error<packed<std::array<std::uint16_t, 2>>>(R"("AQACAAMA")")), "expected 2 elements, found 3");
}

TEST(packed, of_a_span_is_written_from_where_it_is) {
    const std::array<float, 2> own{1.0F, 1.0F};
    EXPECT_EQ(encoded(packed<std::span<const float>>{own}), R"("AACAPwAAgD8=")");
    const std::vector<float> more(3);
    EXPECT_EQ(encoded(packed<std::span<const float>>{more}), R"("AAAAAAAAAAAAAAAA")");
    EXPECT_EQ(packed<std::span<const float>>{more}->data(), more.data());
    static_assert(!farcall::json_decodable<packed<std::span<const float>>>);
}

TEST(packed, refuses_what_is_not_whole_strict_base64) {
    using doubles = numbers<double>;
    EXPECT_EQ(decode_error<doubles>(R"("AAAAAAAA8D8")"), "expected base64 text, of a length that is no multiple of 4");
    EXPECT_EQ(decode_error<doubles>(R"("AAAAAAAA8A==")"), "expected float64 numbers of 8 bytes each in base64, found 7 bytes");
    EXPECT_EQ(decode_error<doubles>(R"("AA==")"), "expected float64 numbers of 8 bytes each in base64, found 1 byte");
    EXPECT_EQ(decode_error<doubles>(R"("AAAAAAAA8D9=")"), bad_character) << "bits behind the last byte";
    EXPECT_EQ(decode_error<doubles>(R"("AAAAAA_A8D8=")"), bad_character);
    EXPECT_EQ(decode_error<doubles>(R"("AAAA=AAA8D8=")"), bad_character);
    EXPECT_EQ(decode_error<doubles>("[1.0]"), "expected string, found array");
    EXPECT_EQ(decode_error<doubles>("null"), "expected string, found null");
    EXPECT_EQ((decode_error<std::map<std::string, doubles>>(R"({"a":"","b":"????"})")),
              "b: expected float64 numbers of 8 bytes each in base64, found 3 bytes");
    EXPECT_EQ(decode_error<numbers<std::uint8_t>>(R"("====")"), bad_character);
}

TEST(packed, takes_escapes_of_its_characters) {
    EXPECT_EQ(decoded<numbers<std::uint8_t>>(R"("\u0041QID")"), (numbers<std::uint8_t>{{1, 2, 3}}));
    EXPECT_EQ(decoded<numbers<std::uint8_t>>(R"("\/\/\/\/")"), (numbers<std::uint8_t>{{255, 255, 255}}));
}

TEST(packed, has_a_schema_that_agrees_with_what_is_read) {
    EXPECT_EQ(schema<numbers<double>>(),
              R"({"type":"string","contentEncoding":"base64","description":"little-endian float64",)"
              R"("pattern":"^([A-Za-z0-9+/]{32})*()"
              R"([A-Za-z0-9+/]{8}[A-Za-z0-9+/][A-Za-z0-9+/][AEIMQUYcgkosw048]=|[A-Za-z0-9+/]{20}[A-Za-z0-9+/][AQgw]==)?$"})");
    const std::string three = schema<packed<std::array<std::int32_t, 3>>>();
    EXPECT_NE(three.find(R"("minLength":16,"maxLength":16)"), std::string::npos) << three;

    const auto agree = []<class T>(const T&) {
        const std::regex allowed = pattern<numbers<T>>();
        for (std::size_t bytes = 0; bytes != 50; ++bytes) {
            std::string text = encoded(std::vector<std::byte>(bytes, std::byte{0xff}));
            text = text.substr(1, text.size() - 2);
            EXPECT_EQ(std::regex_match(text, allowed), bytes % sizeof(T) == 0) << text;
        }
    };
    agree(std::uint8_t{});
    agree(std::int16_t{});
    agree(float{});
    agree(std::uint64_t{});

    // Of an array no other length is good; that of a very long one is said beside the pattern only.
    const std::regex four = pattern<packed<std::array<std::uint8_t, 4>>>();
    for (std::size_t bytes = 0; bytes != 10; ++bytes) {
        const std::string text = encoded(std::vector<std::byte>(bytes, std::byte{0xff}));
        EXPECT_EQ(std::regex_match(text.substr(1, text.size() - 2), four), bytes == 4) << text;
    }
    for (const std::regex& booleans : {pattern<packed<std::array<bool, 5>>>(), pattern<packed<std::array<bool, 800>>>()}) {
        for (unsigned bits = 0; bits != 32; ++bits) {
            std::vector<std::byte> bytes;
            for (unsigned i = 0; i != 5; ++i) bytes.push_back(std::byte{static_cast<unsigned char>(bits >> i & 1)});
            std::string text = encoded(bytes);
            EXPECT_TRUE(std::regex_match(text.substr(1, text.size() - 2), booleans)) << text;
            bytes[bits % 5] = std::byte{2};
            text = encoded(bytes);
            EXPECT_FALSE(std::regex_match(text.substr(1, text.size() - 2), booleans)) << text;
        }
    }
}

TEST(packed, swaps_bytes_where_a_machine_puts_the_most_significant_first) {
    std::array<std::byte, 8> bytes{};
    for (std::size_t i = 0; i != 8; ++i) bytes[i] = static_cast<std::byte>(i);
    farcall::detail::swap_bytes(bytes.data(), 2, 4);
    EXPECT_EQ(bytes, (std::array<std::byte, 8>{std::byte{3}, std::byte{2}, std::byte{1}, std::byte{0}, std::byte{7},
                                              std::byte{6}, std::byte{5}, std::byte{4}}));
    farcall::detail::swap_bytes(bytes.data(), 8, 1);
    EXPECT_EQ(bytes[0], std::byte{3});
}

TEST(packed, converts_to_and_from_its_sequence) {
    static_assert(std::is_convertible_v<std::vector<double>, numbers<double>>);
    static_assert(std::is_convertible_v<numbers<double>, std::vector<double>>);
    static_assert(std::is_convertible_v<const numbers<double>&, const std::vector<double>&>);
    static_assert(std::is_convertible_v<const numbers<double>&, packed<std::span<const double>>>);
    static_assert(!std::is_convertible_v<std::vector<float>, numbers<double>>);
    static_assert(std::same_as<decltype(packed{std::vector<int>{}}), numbers<int>>);

    std::vector<double> own(1000);
    const double* const where = own.data();
    numbers<double> taken = std::move(own);
    EXPECT_EQ(taken->data(), where);
    std::vector<double> back = std::move(taken);
    EXPECT_EQ(back.data(), where);
    numbers<double> again = std::move(back);
    back = *std::move(again);
    EXPECT_EQ(back.data(), where);
}
