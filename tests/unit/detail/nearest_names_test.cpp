#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/detail/nearest_names.hpp>

namespace {

using farcall::detail::edit_distance;
using farcall::detail::nearest_names;
using names = std::vector<std::string_view>;

names near(std::string_view wanted, const names& candidates) {
    nearest_names search{wanted};
    for (const std::string_view each : candidates) search.look_at(each);
    return search.found();
}

TEST(nearest_names, counts_edits_up_to_a_bound) {
    EXPECT_EQ(edit_distance("", "", 3), 0u);
    EXPECT_EQ(edit_distance("add", "add", 3), 0u);
    EXPECT_EQ(edit_distance("add", "ad", 3), 1u);
    EXPECT_EQ(edit_distance("ad", "add", 3), 1u);
    EXPECT_EQ(edit_distance("add", "dda", 3), 2u);
    EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3u);
    EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3u);
    EXPECT_EQ(edit_distance("abcdef", "uvwxyz", 3), 4u);
}

TEST(nearest_names, takes_another_case_for_no_edit) {
    EXPECT_EQ(edit_distance("CALCULATOR.ADD", "Calculator.add", 3), 0u);
    EXPECT_EQ(near("calculator.ADD", {"Calculator.add", "Calculator.and"}), names{"Calculator.add"});
}

TEST(nearest_names, finds_a_name_without_its_service) {
    EXPECT_EQ(near("add", {"Users.add", "Calculator.add", "Calculator.subtract"}), (names{"Calculator.add", "Users.add"}));
    EXPECT_EQ(near("substract", {"Calculator.add", "Calculator.subtract"}), names{"Calculator.subtract"});
}

TEST(nearest_names, gives_three_at_most_and_only_the_nearest) {
    EXPECT_EQ(near("Log.rea", {"Log.read", "Log.real", "Log.reap", "Log.rear", "Log.write"}).size(), 3u);
    EXPECT_EQ(near("Log.rea", {"Log.r", "Log.read"}), names{"Log.read"});
}

TEST(nearest_names, finds_nothing_for_what_no_name_is_like) {
    EXPECT_TRUE(near("", {"a"}).empty());
    EXPECT_TRUE(near("x", {"yy", "zz"}).empty());
    EXPECT_TRUE(near("entirely.different", {"Calculator.add"}).empty());
    const std::string long_name(65, 'a');
    EXPECT_FALSE(nearest_names{long_name}.possible());
    EXPECT_TRUE(near(long_name, {long_name}).empty());
    EXPECT_TRUE(near("aaa", {long_name}).empty());
}

}  // namespace
