#include <farcall/detail/utf8.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using farcall::detail::cut_utf8;
using farcall::detail::utf8_cut_sequence;
using farcall::detail::utf8_prefix;
using farcall::testing::exact_text;

/// A code point as UTF-8, also where that is ill-formed.
std::string encoded(unsigned point) {
    const auto byte = [](unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    if (point < 0x80) return {byte(point)};
    if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
    if (point < 0x10000)
        return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
    return {byte(0xF0 | point >> 18), byte(0x80 | (point >> 12 & 0x3F)), byte(0x80 | (point >> 6 & 0x3F)),
            byte(0x80 | (point & 0x3F))};
}

TEST(utf8_prefix, takes_every_code_point_but_surrogates) {
    for (unsigned point = 0; point < 0x120000; ++point) {
        const bool good = point < 0xD800 || (point > 0xDFFF && point <= 0x10FFFF);
        const std::string text = encoded(point);
        ASSERT_EQ(utf8_prefix(text) == text.size(), good) << std::hex << point;
    }
}

TEST(utf8_prefix, stops_where_the_first_bad_byte_is) {
    for (const char* bad : {"\xFF", "\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98",
                            "\xC3"
                            "a",
                            "\xE2\x82"
                            "a",
                            "\xF0\x9F\x98"
                            "a"})
        for (std::size_t before = 0; before < 20; ++before) {
            EXPECT_EQ(utf8_prefix(exact_text{std::string(before, 'x') + bad}), before) << before;
            EXPECT_EQ(utf8_prefix(exact_text{std::string(before, 'x') + bad + std::string(10, 'y')}), before) << before;
        }
}

TEST(utf8_cut_sequence, takes_exactly_the_beginnings_of_well_formed_sequences) {
    // Every beginning of a code point, found by cutting all of them.
    std::set<std::string> beginnings;
    for (std::uint32_t point = 0x80; point < 0x110000; point += point < 0x800 ? 1 : 0x40) {
        if (point >= 0xD800 && point < 0xE000) continue;
        const std::string text = encoded(point);
        for (std::size_t size = 1; size < text.size(); ++size) beginnings.insert(text.substr(0, size));
    }
    for (int first = 0; first < 256; ++first) {
        std::string text{static_cast<char>(first)};
        ASSERT_EQ(utf8_cut_sequence(exact_text{text}), beginnings.contains(text)) << first;
        for (int second = 0; second < 256; ++second) {
            text.resize(1);
            text += static_cast<char>(second);
            ASSERT_EQ(utf8_cut_sequence(exact_text{text}), beginnings.contains(text)) << first << ' ' << second;
            for (const int third : {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF}) {
                const std::string three = text + static_cast<char>(third);
                ASSERT_EQ(utf8_cut_sequence(exact_text{three}), beginnings.contains(three))
                    << first << ' ' << second << ' ' << third;
            }
        }
    }
}

TEST(cut_utf8, cuts_between_code_points) {
    EXPECT_EQ(cut_utf8("abc", 3), "abc");
    EXPECT_EQ(cut_utf8("abc", 2), "ab");
    EXPECT_EQ(cut_utf8("a\xE2\x82\xAC", 3), "a");
    EXPECT_EQ(cut_utf8("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
    EXPECT_EQ(cut_utf8("\xE2\x82\xAC", 2), "");
}

}  // namespace
