#include <gtest/gtest.h>

#include <chrono>
#include <deque>

#include <farcall/session/call_table.hpp>

namespace {

using farcall::detail::call_table;
using farcall::detail::outgoing_call;

struct deaf_call final : outgoing_call {
    void complete(const farcall::detail::reply&) noexcept override {}
    void abandon() noexcept override {}
};

TEST(lost_calls, are_taken_in_time_that_grows_with_their_number_only) {
    call_table table;
    std::deque<deaf_call> calls(200'000);
    for (deaf_call& call : calls) table.add(call);
    const auto before = std::chrono::steady_clock::now();
    std::size_t taken = 0;
    while (table.take_any() != nullptr) ++taken;
    EXPECT_EQ(taken, calls.size());
    // A search from the first place for each of them takes half a minute.
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{5});
}

TEST(lost_calls, are_all_taken_when_others_come_meanwhile) {
    call_table table;
    std::deque<deaf_call> calls(1000);
    for (std::size_t i = 0; i < 100; ++i) table.add(calls[i]);
    std::size_t added = 100, taken = 0;
    while (outgoing_call* call = table.take_any()) {
        EXPECT_EQ(table.take(call->id), nullptr);
        ++taken;
        for (int i = 0; i < 2 && added < calls.size(); ++i) table.add(calls[added++]);
    }
    EXPECT_EQ(taken, calls.size());
    EXPECT_EQ(table.size(), 0u);
}

}  // namespace
