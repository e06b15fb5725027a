#include <farcall/codec/string_scan.hpp>

#include <random>
#include <string>

#include "support.hpp"

using farcall::detail::plain_in_string;
using farcall::detail::skip_plain;

namespace {

/// As one byte after another says it, on memory of exactly the text's size.
void expect_first_special(const std::string& text) {
    const codec_test::exact_text copy{text};
    std::size_t wanted = 0;
    while (wanted != text.size() && plain_in_string(text[wanted])) ++wanted;
    const char* const first = copy.view().data();
    ASSERT_EQ(static_cast<std::size_t>(skip_plain(first, first + text.size()) - first), wanted) << text;
}

}  // namespace

TEST(string_scan, finds_every_special_byte_at_every_place_of_every_length) {
    for (std::size_t size = 0; size != 70; ++size) {
        expect_first_special(std::string(size, 'a'));
        for (std::size_t at = 0; at != size; ++at) {
            for (const char special : {'"', '\\', '\0', '\n', '\x1f', '\x80', '\xff', '\x7f', ' ', '!', '#', '[', ']'}) {
                std::string text(size, 'a');
                text[at] = special;
                expect_first_special(text);
                text.back() = '"';
                expect_first_special(text);
            }
        }
    }
}

TEST(string_scan, finds_the_first_of_many) {
    std::mt19937 random{1};
    for (int i = 0; i != 20'000; ++i) {
        std::string text(random() % 50, 'a');
        for (char& c : text) c = static_cast<char>(random() % 8 == 0 ? random() : 'a' + random() % 26);
        expect_first_special(text);
    }
}

TEST(string_scan, finds_a_special_byte_in_and_around_the_blocks_of_a_long_text) {
    for (const std::size_t size : {64, 80, 191, 192, 193, 200, 319, 320, 321, 448, 450, 700}) {
        expect_first_special(std::string(size, 'a'));
        for (std::size_t at = 0; at != size; ++at) {
            std::string text(size, 'a');
            text[at] = "\"\\\x1f\x80\n"[at % 5];
            expect_first_special(text);
            text.back() = '"';
            expect_first_special(text);
        }
    }
    std::mt19937 random{2};
    for (int i = 0; i != 2'000; ++i) {
        std::string text(random() % 2'000, 'a');
        for (char& c : text) c = static_cast<char>(random() % 500 == 0 ? random() : 0x20 + random() % 2);
        expect_first_special(text);
    }
}
