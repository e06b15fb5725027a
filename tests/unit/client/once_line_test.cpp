#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <farcall/client/once_line.hpp>

namespace once_line_test {

using farcall::error;
using farcall::executed;
using farcall::status;
using farcall::detail::once_line;
using farcall::detail::outgoing_call;

constexpr std::string_view session = R"({"farcall":1,"features":["session"],"session":"s1","window":2,"lease_ms":600000})";

/// A call that notes what it is told.
struct call final : once_line::waiter {
    explicit call(once_line& where) : line(where) {}
    void turn() override {
        ++turns;
        if (then) std::exchange(then, nullptr)();
    }
    void refused(const error& why) override {
        refusal = why;
        if (then) std::exchange(then, nullptr)();
    }
    void open_session() override { ++hellos; }

    once_line& line;
    int turns = 0;
    int hellos = 0;
    std::optional<error> refusal;
    std::function<void()> then;
};

/// A hello that can be cancelled.
struct hello final : outgoing_call, farcall::detail::call_holder {
    hello() { holder = this; }
    void complete(const farcall::detail::reply&) noexcept override {}
    void abandon() noexcept override {}
    void cancel(outgoing_call&, const error& why) override {
        ++cancelled;
        if (line != nullptr) line->not_opened(why);
    }
    once_line* line = nullptr;
    int cancelled = 0;
};

class waiting : public ::testing::Test {
protected:
    call& entered() {
        call& made = calls.emplace_back(line);
        line.enter(made);
        return made;
    }
    int hellos() const {
        int sum = 0;
        for (const call& each : calls) sum += each.hellos;
        return sum;
    }

    once_line line;
    std::deque<call> calls;
    hello greeting;
};

TEST_F(waiting, the_first_call_opens_a_session_for_all) {
    call& first = entered();
    line.hello(greeting);
    call& second = entered();
    EXPECT_EQ(first.hellos, 1);
    EXPECT_EQ(second.hellos, 0);
    EXPECT_EQ(first.turns, 0);
    line.opened(session);
    EXPECT_EQ(first.turns, 1);
    EXPECT_EQ(second.turns, 1);
    EXPECT_EQ(entered().turns, 0) << "the window is 2";
    line.leave(first);
    EXPECT_EQ(calls.back().turns, 1);
    EXPECT_EQ(hellos(), 1);
}

TEST_F(waiting, a_server_without_sessions_is_named_and_nothing_ran) {
    call& only = entered();
    line.not_opened(error{status::unimplemented, "there is no method rpc.hello"});
    ASSERT_TRUE(only.refusal);
    EXPECT_EQ(only.refusal->status(), status::unimplemented);
    EXPECT_EQ(only.refusal->executed(), executed::no);
    EXPECT_NE(only.refusal->message().find("has no sessions"), std::string::npos);
    EXPECT_FALSE(only.waits());
    entered();
    EXPECT_EQ(hellos(), 2) << "asked anew: it may be another server by now";
}

TEST_F(waiting, any_other_failure_says_what_it_was_for) {
    call& only = entered();
    line.not_opened(error{status::permission_denied, "who are you?"});
    EXPECT_EQ(only.refusal->status(), status::permission_denied);
    EXPECT_NE(only.refusal->message().find("no session could be opened"), std::string::npos);
    EXPECT_NE(only.refusal->message().find("who are you?"), std::string::npos);
}

TEST_F(waiting, an_answer_that_is_no_session_refuses_all) {
    call& first = entered();
    call& second = entered();
    line.opened(R"({"farcall":1})");
    EXPECT_EQ(first.refusal->status(), status::internal);
    EXPECT_EQ(second.refusal->status(), status::internal);
    EXPECT_FALSE(line.offered());
}

TEST_F(waiting, who_enters_while_others_are_refused_waits_for_the_next_hello) {
    call& first = entered();
    call late{line};
    first.then = [&] { line.enter(late); };
    line.not_opened(error{status::internal, "no"});
    EXPECT_TRUE(first.refusal);
    EXPECT_FALSE(late.refusal);
    EXPECT_EQ(late.hellos, 1);
    line.opened(session);
    EXPECT_EQ(late.turns, 1);
    line.leave(late);
}

TEST_F(waiting, a_hello_is_given_up_when_nobody_waits_for_it) {
    call& only = entered();
    greeting.line = &line;
    line.hello(greeting);
    line.leave(only);
    EXPECT_EQ(greeting.cancelled, 1);
    EXPECT_EQ(entered().hellos, 1) << "the next call makes its own";
}

TEST_F(waiting, who_enters_before_a_hello_in_vain_has_ended_makes_another) {
    call& first = entered();
    line.hello(greeting);
    line.leave(first);
    EXPECT_EQ(greeting.cancelled, 1);
    call& second = entered();
    EXPECT_EQ(second.hellos, 0);
    line.not_opened(error{status::cancelled, "nobody waits"});
    EXPECT_FALSE(second.refusal);
    EXPECT_EQ(second.hellos, 1);
}

TEST_F(waiting, a_closed_client_refuses_with_cancelled) {
    call& only = entered();
    line.not_opened(error{status::cancelled, "the client was closed"});
    EXPECT_EQ(only.refusal->status(), status::cancelled);
    EXPECT_EQ(only.refusal->executed(), executed::no);
    EXPECT_EQ(only.refusal->message(), "the client was closed");
}

TEST_F(waiting, a_turn_that_ends_the_call_makes_room_for_the_next) {
    std::deque<call> many;
    for (int i = 0; i < 10; ++i) {
        call& each = many.emplace_back(line);
        each.then = [&] { line.leave(each); };
        line.enter(each);
    }
    line.opened(session);
    for (const call& each : many) EXPECT_EQ(each.turns, 1);
}

}  // namespace once_line_test
