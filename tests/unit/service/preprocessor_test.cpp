#include <farcall/service/detail/preprocessor.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

// What a walk gives, as text.
#define SHOW(data, index, ...) shown.push_back(#data " " #index " " #__VA_ARGS__);
#define SHOW_MALFORMED(data, index, ...) shown.push_back("malformed " #data " " #index " " #__VA_ARGS__);
#define SHOW_BEYOND(data) shown.push_back("beyond " #data);

#define TEN(tens)                                                                                                   \
    (m##tens##0), (m##tens##1), (m##tens##2), (m##tens##3), (m##tens##4), (m##tens##5), (m##tens##6), (m##tens##7), \
        (m##tens##8), (m##tens##9)
#define HUNDRED(h) TEN(h##0), TEN(h##1), TEN(h##2), TEN(h##3), TEN(h##4), TEN(h##5), TEN(h##6), TEN(h##7), TEN(h##8), TEN(h##9)

using texts = std::vector<std::string>;

TEST(for_each, walks_over_nothing) {
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, data)
    EXPECT_TRUE(shown.empty());
}

TEST(for_each, hands_over_data_index_and_what_is_in_the_parentheses) {
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, data, (a), (b, int(int x, int y), c<1, 2>), ())
    EXPECT_EQ(shown, (texts{"data 0 a", "data 1 b, int(int x, int y), c<1, 2>", "data 2 "}));
}

TEST(for_each, counts_in_decimal_up_to_250) {
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, data, HUNDRED(), HUNDRED(1), TEN(20), TEN(21), TEN(22), TEN(23), TEN(24))
    ASSERT_EQ(shown.size(), 250u);
    for (std::size_t i = 0; i != 250; ++i) {
        const std::string number = std::to_string(i);
        const std::string name = i < 10 ? "0" + number : number;
        EXPECT_EQ(shown[i], "data " + number + " m" + name);
    }
}

TEST(for_each, stops_at_every_count_around_the_tens) {
    const auto last = [](const texts& shown) { return shown.back(); };
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, d, (a), (a), (a), (a), (a), (a), (a), (a), (a))
    EXPECT_EQ(shown.size(), 9u);
    FARCALL_PP_FOR_EACH(SHOW, d, TEN(0))
    EXPECT_EQ(shown.size(), 19u);
    EXPECT_EQ(last(shown), "d 9 m09");
    FARCALL_PP_FOR_EACH(SHOW, d, TEN(0), (b))
    EXPECT_EQ(shown.size(), 30u);
    EXPECT_EQ(last(shown), "d 10 b");
    FARCALL_PP_FOR_EACH(SHOW, d, HUNDRED())
    EXPECT_EQ(shown.size(), 130u);
    FARCALL_PP_FOR_EACH(SHOW, d, HUNDRED(), (b))
    EXPECT_EQ(last(shown), "d 100 b");
}

TEST(for_each, says_once_that_there_are_more_than_250) {
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, data, HUNDRED(), HUNDRED(1), TEN(20), TEN(21), TEN(22), TEN(23), TEN(24), (m250), (m251))
    ASSERT_EQ(shown.size(), 251u);
    EXPECT_EQ(shown[249], "data 249 m249");
    EXPECT_EQ(shown[250], "beyond data");
    shown.clear();
    FARCALL_PP_FOR_EACH(SHOW, data, HUNDRED(), HUNDRED(1), HUNDRED(2), HUNDRED(3))
    EXPECT_EQ(shown.size(), 251u);
}

TEST(for_each, points_out_entries_without_parentheses) {
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, data, (a), b, (c) (d), e(f), (g))
    EXPECT_EQ(shown, (texts{"data 0 a", "malformed data 1 b", "malformed data 2 (c) (d)", "malformed data 3 e(f)",
                            "data 4 g"}));
}

TEST(for_each, may_follow_itself) {
    texts shown;
    FARCALL_PP_FOR_EACH(SHOW, one, TEN(0), TEN(1)) FARCALL_PP_FOR_EACH(SHOW, two, TEN(0))
    EXPECT_EQ(shown.size(), 30u);
    EXPECT_EQ(shown[20], "two 0 m00");
}

TEST(if_empty, chooses_by_what_follows) {
    const std::string empty = "" FARCALL_PP_IF_EMPTY("empty");
    const std::string full = "" FARCALL_PP_IF_EMPTY("empty", (a), (b));
    EXPECT_EQ(empty, "empty");
    EXPECT_EQ(full, "");
}

}  // namespace
