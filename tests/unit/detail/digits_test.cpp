#include <farcall/detail/digits.hpp>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace {

using farcall::detail::decimal_length;
using farcall::detail::take_digits;
using farcall::detail::write_digits;

template <class Integer>
std::string written(Integer value) {
    char room[20];
    return {room, write_digits(room, value)};
}

/// Numbers around every power of two and of ten, and random ones of every length.
template <class Each>
void for_many_numbers(Each each) {
    for (unsigned bits = 0; bits != 64; ++bits)
        for (std::uint64_t off = 0; off != 5; ++off) each((std::uint64_t{1} << bits) - 2 + off);
    std::uint64_t power = 1;
    for (int i = 0; i != 20; ++i, power *= 10)
        for (std::uint64_t off = 0; off != 5; ++off) each(power - 2 + off);
    std::mt19937_64 random{7};
    for (int i = 0; i != 200'000; ++i) {
        const std::uint64_t value = random();
        each(value >> (value % 64));
    }
    each(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

TEST(digits, are_written_as_everyone_writes_them) {
    for_many_numbers([](std::uint64_t value) {
        ASSERT_EQ(written(value), std::to_string(value));
        ASSERT_EQ(decimal_length(value), std::to_string(value).size());
        const auto number = static_cast<std::int64_t>(value);
        ASSERT_EQ(written(number), std::to_string(number));
    });
}

TEST(digits, are_read_back_and_end_at_any_other_character) {
    for_many_numbers([](std::uint64_t value) {
        const std::string text = std::to_string(value);
        for (const std::string& behind : {std::string{}, std::string{"/"}, std::string{":99999999"}, std::string{".5555555"}, std::string{"\xff" "1234567"},
                                          std::string{",12345678"}}) {
            if (text.size() == 20) continue;
            const std::string all = text + behind;
            const char* p = all.data();
            ASSERT_EQ(take_digits(p, all.data() + all.size()), value) << all;
            ASSERT_EQ(p, all.data() + text.size()) << all;
        }
    });
}

TEST(digits, stop_at_the_end_they_are_given) {
    const std::string text = "1234567890123456789";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const char* p = text.data();
        EXPECT_EQ(take_digits(p, text.data() + size), size == 0 ? 0 : std::stoull(text.substr(0, size)));
        EXPECT_EQ(p, text.data() + size);
    }
}
