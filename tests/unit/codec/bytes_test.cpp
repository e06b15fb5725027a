#include <farcall/codec/bytes.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

using bytes = std::vector<std::byte>;
using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encoded;
using codec_test::expect_form;

namespace {

bytes of(std::string_view text) {
    bytes made;
    for (char c : text) made.push_back(static_cast<std::byte>(c));
    return made;
}

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view bad_length = "expected base64 text, of a length that is no multiple of 4";
constexpr std::string_view bad_character = "expected base64 text, found another character, or bits behind its end";

}  // namespace

TEST(bytes, are_base64_as_in_rfc_4648) {
    expect_form(of(""), "\"\"");
    expect_form(of("f"), "\"Zg==\"");
    expect_form(of("fo"), "\"Zm8=\"");
    expect_form(of("foo"), "\"Zm9v\"");
    expect_form(of("foob"), "\"Zm9vYg==\"");
    expect_form(of("fooba"), "\"Zm9vYmE=\"");
    expect_form(of("foobar"), "\"Zm9vYmFy\"");
    expect_form(of("\xfb\xff\xfe"), "\"+//+\"");
}

TEST(bytes, of_every_value_and_length_survive) {
    bytes all;
    for (int i = 0; i != 600; ++i) {
        EXPECT_EQ(decoded<bytes>(encoded(all)), all);
        all.push_back(static_cast<std::byte>(i * 7));
    }
}

TEST(bytes, of_every_length_are_what_a_bit_by_bit_encoder_says) {
    // Long texts go many characters at a time where the processor can: they say the same.
    std::mt19937 random{1};
    for (std::size_t size = 0; size != 400; ++size) {
        bytes all(size);
        for (std::byte& one : all) one = static_cast<std::byte>(random());
        std::string slow;
        unsigned bits = 0, count = 0;
        for (const std::byte one : all) {
            bits = bits << 8 | std::to_integer<unsigned>(one);
            for (count += 8; count >= 6;) slow += alphabet[bits >> (count -= 6) & 63];
        }
        if (count != 0) slow += alphabet[bits << (6 - count) & 63];
        slow.append((4 - slow.size() % 4) % 4, '=');
        ASSERT_EQ(encoded(all), '"' + slow + '"');
        ASSERT_EQ(decoded<bytes>('"' + slow + '"'), all);
    }
}

TEST(bytes, refuse_every_wrong_character_at_every_place) {
    const std::string good(160, 'Q');
    for (std::size_t at = 0; at != good.size(); ++at) {
        for (int c = 0; c != 256; ++c) {
            std::string text = good;
            text[at] = static_cast<char>(c);
            bytes to(120);
            const bool wanted = alphabet.find(static_cast<char>(c)) != std::string_view::npos;
            if (c == '=' && at == good.size() - 1) continue;
            ASSERT_EQ(farcall::detail::base64_decode(codec_test::exact_text{text}.view(), to.data()), wanted) << at << ' ' << c;
        }
    }
}

TEST(bytes, take_escapes_of_their_characters) {
    EXPECT_EQ(decoded<bytes>(R"("\u005am9v")"), of("foo"));
}

TEST(bytes, refuse_what_is_not_strict_base64) {
    EXPECT_EQ(decode_error<bytes>("\"Zg\""), bad_length);
    EXPECT_EQ(decode_error<bytes>("\"Zg=\""), bad_length);
    EXPECT_EQ(decode_error<bytes>("\"Zm9vY\""), bad_length);
    for (std::string_view text : {"Zm9-", "Zm9_", "Zm 9", "Z===", "====", "=m9v", "Z=9v", "Zm=v",
                                  "Zg==Zg==", "Zh==", "Zm9=", "Zm8=Zm8=", "Zm\\n9", "Zm9.", "\xc3\xa4Zg"}) {
        EXPECT_EQ(decode_error<bytes>('"' + std::string{text} + '"'), bad_character) << text;
    }
    EXPECT_EQ(decode_error<bytes>("[1,2]"), "expected string, found array");
}
