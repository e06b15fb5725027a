#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <farcall/detail/digit_run.hpp>

namespace {

using farcall::detail::digit_run;

/// Read from memory of exactly that size, so that a sanitizer sees one byte too many.
digit_run read(const std::string& text) {
    const std::vector<char> exact(text.begin(), text.end());
    return digit_run::at(exact.data(), exact.data() + exact.size());
}

TEST(digit_run, ends_at_whatever_is_no_digit) {
    for (int c = 0; c < 256; ++c) {
        const bool digit = c >= '0' && c <= '9';
        for (std::size_t before = 0; before <= 9; ++before) {
            const std::string text = std::string(before, '7') + static_cast<char>(c) + "1234567890";
            EXPECT_EQ(read(text).size, digit ? before + 11 : before) << c << ' ' << before;
        }
    }
}

TEST(digit_run, is_the_number_whatever_stands_behind_it) {
    std::mt19937_64 random{7};
    for (int i = 0; i < 20'000; ++i) {
        const std::string digits = std::to_string(random() >> (random() % 64));
        std::string text = digits;
        if (i % 3 != 0) text += std::string_view{",}]\"\xff\x80 /:"}[random() % 9];
        for (std::size_t more = random() % 12; more-- != 0;) text += static_cast<char>(random());
        if (i % 3 == 0) text = digits;
        const digit_run found = read(text);
        std::uint64_t value = 0;
        std::from_chars(text.data(), text.data() + digits.size(), value);
        ASSERT_EQ(found.size, digits.size()) << text;
        ASSERT_EQ(found.value, value) << text;
    }
}

TEST(digit_run, may_be_empty) {
    EXPECT_EQ(read("").size, 0u);
    EXPECT_EQ(read("-1").size, 0u);
    EXPECT_EQ(read("x12345678").size, 0u);
}

}  // namespace
