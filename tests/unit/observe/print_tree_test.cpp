#include <farcall/observe/print_tree.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using farcall::call_side;
using farcall::print_tree;
using farcall::span;
using farcall::span_tree;
using farcall::status;

span made(std::uint64_t id, std::uint64_t parent, std::string name, call_side side, std::chrono::nanoseconds time,
          int begin = 0) {
    span one;
    one.context = {.trace_high = 0, .trace_low = 0xabc, .span = id, .sampled = true};
    one.parent = parent;
    one.name = std::move(name);
    one.side = side;
    one.time = time;
    one.begin += std::chrono::seconds{begin};
    return one;
}

TEST(print_tree, shows_children_below_their_parents_in_the_order_of_their_begins) {
    span refused = made(5, 2, "Bank.pay", call_side::client, 999'900ns, 3);
    refused.status = status::unavailable;
    refused.message = "nobody\x1b[2J\u009b is there";
    EXPECT_EQ(span_tree({refused, made(4, 3, "Stock.reserve", call_side::server, 340us, 2),
                         made(3, 2, "Stock.reserve", call_side::client, 1'300us, 2),
                         made(2, 1, "Shop.order", call_side::server, 30'140us, 1),
                         made(1, 0, "Shop.order", call_side::client, 2s)}),
              "Shop.order              client   2.00 s\n"
              "└─ Shop.order           server  30.1 ms\n"
              "   ├─ Stock.reserve     client  1.30 ms\n"
              "   │  └─ Stock.reserve  server   340 µs\n"
              "   └─ Bank.pay          client  1.00 ms  unavailable: nobody?[2J? is there\n");
}

TEST(print_tree, shows_nothing_that_turns_or_hides_text) {
    EXPECT_EQ(span_tree({made(1, 0, "a\u202eb\u2066c\u200bd\u2028e\x9b\u00e9", call_side::client, 0ns)}),
              "a?b?c?d?e?\u00e9  client  0 ns\n");
}

TEST(print_tree, stands_ids_that_go_in_a_circle_or_come_twice) {
    EXPECT_EQ(span_tree({made(1, 2, "a", call_side::client, 0ns), made(2, 1, "b", call_side::client, 0ns)}), "");
    EXPECT_EQ(span_tree({made(1, 1, "a", call_side::client, 0ns), made(7, 0, "b", call_side::client, 0ns)}),
              "b  client  0 ns\n");
    EXPECT_EQ(span_tree({made(1, 9, "a", call_side::client, 0ns), made(1, 9, "b", call_side::client, 5ns)}),
              "a  client  0 ns\nb  client  5 ns\n");
}

struct print_trees : testing::Test {
    std::vector<std::string> printed;
    print_tree tree{[this](std::string_view text) { printed.emplace_back(text); }, 3};

    span begin(std::uint64_t id, std::uint64_t parent) {
        span one = made(id, parent, std::to_string(id), call_side::client, 1ns);
        tree.began(one);
        return one;
    }
};

TEST_F(print_trees, prints_a_trace_when_nothing_of_it_is_under_way) {
    const span root = begin(1, 0);
    const span child = begin(2, 1);
    tree.ended(child);
    EXPECT_TRUE(printed.empty());
    tree.ended(root);
    ASSERT_EQ(printed.size(), 1u);
    EXPECT_EQ(printed[0], "trace 00000000000000000000000000000abc\n1     client  1 ns\n└─ 2  client  1 ns\n");
}

TEST_F(print_trees, prints_the_part_of_this_process_alone) {
    tree.ended(begin(2, 1));
    ASSERT_EQ(printed.size(), 1u);
    EXPECT_NE(printed[0].find("2  client"), std::string::npos);
}

TEST_F(print_trees, holds_no_more_spans_than_it_is_allowed) {
    const span root = begin(1, 0);
    for (std::uint64_t id = 2; id != 6; ++id) tree.ended(begin(id, 1));
    ASSERT_EQ(printed.size(), 1u) << "the fourth is one too many";
    tree.ended(root);
    ASSERT_EQ(printed.size(), 2u);
    EXPECT_EQ(printed[1], "trace 00000000000000000000000000000abc\n1  client  1 ns\n");
}

}  // namespace
