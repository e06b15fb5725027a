#include <farcall/testing/seeds.hpp>

#include <gtest/gtest.h>

#include <vector>

using farcall::testing::parse_seeds;
using farcall::testing::seed_range;

TEST(seeds, are_read_as_a_range_or_as_one) {
    const auto range = parse_seeds("17..230");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->first, 17u);
    EXPECT_EQ(range->last, 230u);
    const auto one = parse_seeds("18446744073709551614");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->first, one->last);
}

TEST(seeds, of_another_form_are_none) {
    for (const char* text : {"", "a", "1..", "..2", "1...3", "3..2", "1..2x", " 1", "-1", "18446744073709551616", "1-2"})
        EXPECT_FALSE(parse_seeds(text)) << text;
}

TEST(seeds, are_walked_from_the_first_to_the_last) {
    std::vector<std::uint64_t> all;
    for (const std::uint64_t seed : seed_range{5, 8}) all.push_back(seed);
    EXPECT_EQ(all, (std::vector<std::uint64_t>{5, 6, 7, 8}));
}

TEST(seeds, come_from_the_environment_if_it_names_some) {
    unsetenv("FARCALL_SEEDS");
    EXPECT_EQ(farcall::testing::seeds(300).first, 1u);
    EXPECT_EQ(farcall::testing::seeds(300).last, 300u);
    setenv("FARCALL_SEEDS", "40..41", 1);
    EXPECT_EQ(farcall::testing::seeds(300).first, 40u);
    EXPECT_EQ(farcall::testing::seeds(300).last, 41u);
    setenv("FARCALL_SEEDS", "nonsense", 1);
    EXPECT_EQ(farcall::testing::seeds(300).last, 300u);
    unsetenv("FARCALL_SEEDS");
}
