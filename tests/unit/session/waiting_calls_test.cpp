#include "support.hpp"

#include <farcall/session/waiting_calls.hpp>

namespace {

using farcall::never;
using farcall::detail::waiting_calls;
using namespace session_test;

TEST(waiting_calls, leave_in_the_order_in_which_they_came) {
    waiting_calls line;
    recorded_call a, b, c, later;
    EXPECT_TRUE(line.empty());
    EXPECT_EQ(line.take_first(), nullptr);
    for (recorded_call* call : {&a, &b, &c}) line.add(*call);
    const auto last = line.last();
    line.add(later);
    EXPECT_EQ(line.size(), 4u);
    EXPECT_EQ(line.take_first(last), &a);
    EXPECT_EQ(line.take_first(last), &b);
    EXPECT_EQ(line.take_first(last), &c);
    EXPECT_EQ(line.take_first(last), nullptr) << "only those of then";
    EXPECT_EQ(line.take_first(), &later);
    EXPECT_EQ(line.bytes(), 0u);
}

TEST(waiting_calls, leave_when_their_deadlines_pass) {
    waiting_calls line;
    recorded_call soon, late, none;
    soon.deadline = start + 1ms;
    late.deadline = start + 2ms;
    for (recorded_call* call : {&none, &late, &soon}) line.add(*call);
    EXPECT_EQ(line.next_deadline(), start + 1ms);
    EXPECT_EQ(line.take_expired(start), nullptr);
    EXPECT_EQ(line.take_expired(start + 5ms), &soon);
    EXPECT_EQ(line.take_expired(start + 5ms), &late);
    EXPECT_EQ(line.take_expired(never), nullptr);
    EXPECT_EQ(line.next_deadline(), never);
    EXPECT_EQ(line.take_first(), &none);
}

TEST(waiting_calls, are_removed_once) {
    waiting_calls line;
    recorded_call a, b, stranger;
    a.deadline = start + 1ms;
    line.add(a);
    line.add(b);
    stranger.id = a.id;
    EXPECT_FALSE(line.remove(stranger)) << "the place of another";
    EXPECT_TRUE(line.remove(a));
    EXPECT_FALSE(line.remove(a));
    EXPECT_EQ(line.next_deadline(), never);
    EXPECT_EQ(line.take_first(), &b);
}

TEST(waiting_calls, that_do_not_wait_for_a_server_leave_without_the_others) {
    waiting_calls line;
    recorded_call calls[5], later;
    calls[1].wait_for_ready = calls[3].wait_for_ready = true;
    for (recorded_call& call : calls) line.add(call);
    std::uint64_t from = 0;
    const auto last = line.last();
    EXPECT_EQ(line.take_impatient(from, last), &calls[0]);
    line.add(later);
    EXPECT_EQ(line.take_impatient(from, last), &calls[2]);
    EXPECT_EQ(line.take_impatient(from, last), &calls[4]);
    EXPECT_EQ(line.take_impatient(from, last), nullptr);
    EXPECT_EQ(line.size(), 3u);
    EXPECT_TRUE(line.patient());
    EXPECT_TRUE(line.remove(calls[1]) && line.remove(calls[3]));
    EXPECT_FALSE(line.patient());
}

TEST(waiting_calls, count_the_bytes_that_they_hold) {
    waiting_calls line;
    const std::string large(10'000, 'x');
    recorded_call big{"m", large}, small{"m", "[]"};
    line.add(big);
    EXPECT_GE(line.bytes(), 10'000u);
    line.add(small);
    line.remove(big);
    EXPECT_LT(line.bytes(), 500u);
    EXPECT_GT(line.bytes(), 0u);

    const farcall::detail::text_apart apart{2, large};
    recorded_call lender{"m", "[\"\"]"};
    lender.lent = &apart;
    line.add(lender);
    EXPECT_GE(line.bytes(), 10'000u) << "what belongs into its arguments counts, too";
    line.remove(lender);
    EXPECT_LT(line.bytes(), 500u);
}

}  // namespace
