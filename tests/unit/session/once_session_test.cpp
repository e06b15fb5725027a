#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include <farcall/session/once_session.hpp>

namespace once_session_test {

using farcall::detail::once_session;

struct call final : once_session::member {};

std::uint64_t seq(const call& which) { return which.number() == nullptr ? 0 : which.number()->seq; }
std::uint64_t ack(const call& which) { return *which.number()->ack; }

class once : public ::testing::Test {
protected:
    /// A session that is open, with this window.
    void open(std::uint64_t window = 512, std::string id = "s1") {
        session.opening();
        session.opened(std::move(id), window);
    }

    /// Enters a call and gives it its turn, if it has one.
    call& made() {
        call& entered = calls.emplace_back();
        session.enter(entered);
        session.next();
        return entered;
    }

    once_session session;
    std::deque<call> calls;
};

TEST_F(once, opens_a_session_with_the_first_call_and_only_one_for_all_that_wait) {
    EXPECT_FALSE(session.wants_opening());
    call first, second;
    session.enter(first);
    EXPECT_TRUE(session.wants_opening());
    session.opening();
    session.enter(second);
    EXPECT_FALSE(session.wants_opening());
    EXPECT_EQ(session.next(), nullptr);
    EXPECT_FALSE(session.offered());

    session.opened("s1", 512);
    EXPECT_TRUE(session.offered());
    EXPECT_EQ(session.next(), &first);
    EXPECT_EQ(session.next(), &second);
    EXPECT_EQ(session.next(), nullptr);
    EXPECT_EQ(first.number()->session, "s1");
    EXPECT_EQ(seq(first), 1u);
    EXPECT_EQ(seq(second), 2u);
}

TEST_F(once, what_could_not_be_opened_is_wanted_again) {
    call waiting;
    session.enter(waiting);
    session.opening();
    session.not_opened();
    EXPECT_TRUE(session.wants_opening());
    const auto last = session.last();
    call later;
    session.enter(later);
    EXPECT_EQ(session.take_waiting(last), &waiting);
    EXPECT_EQ(session.take_waiting(last), nullptr) << "who came later is not meant";
    EXPECT_TRUE(session.wants_opening());
    EXPECT_EQ(session.take_waiting(session.last()), &later);
    EXPECT_FALSE(session.wants_opening());
}

TEST_F(once, a_session_is_opened_in_vain_when_all_that_waited_have_left) {
    call waiting;
    session.enter(waiting);
    session.opening();
    EXPECT_FALSE(session.opening_in_vain());
    session.leave(waiting);
    EXPECT_TRUE(session.opening_in_vain());
    EXPECT_FALSE(waiting.waits());
}

TEST_F(once, acknowledges_up_to_the_first_call_without_an_end) {
    open();
    call& first = made();
    call& second = made();
    call& third = made();
    EXPECT_EQ(ack(first), 1u);
    session.leave(second);
    EXPECT_EQ(ack(third), 1u) << "the first has no end yet";
    session.leave(first);
    EXPECT_EQ(ack(third), 3u) << "the third itself is not acknowledged";
    EXPECT_EQ(made().number()->seq, 4u) << "numbers are never used again";
    session.leave(third);
    EXPECT_EQ(ack(calls.back()), 4u);
}

TEST_F(once, a_call_keeps_its_number_until_it_leaves_and_leaves_once) {
    open();
    call& only = made();
    EXPECT_EQ(seq(only), 1u);
    session.leave(only);
    EXPECT_EQ(only.number(), nullptr);
    session.leave(only);
    call& next = made();
    EXPECT_EQ(seq(next), 2u);
    EXPECT_EQ(ack(next), 2u);
}

TEST_F(once, calls_beyond_the_window_wait_in_their_order) {
    open(3);
    for (int i = 0; i < 6; ++i) made();
    std::vector<std::uint64_t> numbers;
    for (const call& each : calls) numbers.push_back(seq(each));
    EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 2, 3, 0, 0, 0}));

    session.leave(calls[1]);
    EXPECT_EQ(session.next(), nullptr) << "it is the first call without an end that counts";
    session.leave(calls[0]);
    EXPECT_EQ(session.next(), &calls[3]);
    EXPECT_EQ(session.next(), &calls[4]);
    EXPECT_EQ(session.next(), nullptr);
    EXPECT_EQ(seq(calls[4]), 5u);
}

TEST_F(once, who_leaves_the_line_makes_room_for_those_behind) {
    open(1);
    for (int i = 0; i < 4; ++i) made();
    session.leave(calls[1]);
    session.leave(calls[0]);
    EXPECT_EQ(session.next(), &calls[2]);
    EXPECT_EQ(seq(calls[2]), 2u) << "who left the line had no number";
    session.leave(calls[2]);
    EXPECT_EQ(session.next(), &calls[3]);
}

TEST_F(once, a_window_that_makes_no_sense_is_bounded) {
    open(0);
    EXPECT_EQ(seq(made()), 1u);
    EXPECT_EQ(seq(made()), 0u);
    once_session other;
    other.opening();
    other.opened("s", ~std::uint64_t{0});
    std::deque<call> many;
    for (std::uint64_t i = 0; i <= once_session::most_window; ++i) {
        other.enter(many.emplace_back());
        other.next();
    }
    EXPECT_EQ(seq(many[once_session::most_window - 1]), once_session::most_window);
    EXPECT_EQ(seq(many.back()), 0u);
    for (call& each : many) other.leave(each);
}

TEST_F(once, a_forgotten_session_is_replaced_by_a_new_one_that_counts_from_one) {
    open();
    call& first = made();
    call& second = made();
    session.forgotten(first);
    EXPECT_EQ(first.number(), nullptr);
    EXPECT_TRUE(session.lost(second));
    EXPECT_FALSE(session.wants_opening()) << "nobody needs one";

    session.enter(first);
    EXPECT_TRUE(session.wants_opening());
    open(512, "s2");
    EXPECT_EQ(session.next(), &first);
    EXPECT_EQ(first.number()->session, "s2");
    EXPECT_EQ(seq(first), 1u);
    EXPECT_FALSE(session.lost(first));

    // What a call of the old session is told does no harm to the new one.
    EXPECT_EQ(second.number()->session, "s1");
    session.forgotten(second);
    EXPECT_EQ(seq(made()), 2u);
    EXPECT_EQ(ack(first), 1u);
}

TEST_F(once, a_call_of_a_forgotten_session_may_still_end_and_changes_nothing_else) {
    open();
    call& first = made();
    call& second = made();
    session.forgotten(second);
    open(1, "s2");
    call& third = made();
    session.leave(first);
    EXPECT_EQ(ack(third), 1u);
    call waiting;
    session.enter(waiting);
    EXPECT_EQ(session.next(), nullptr) << "the room of the old session is not that of the new one";
    session.leave(waiting);
}

TEST_F(once, one_that_needs_no_number_waits_for_a_session_and_not_for_the_window) {
    call keyed, numbered, second;
    session.enter_unnumbered(keyed);
    EXPECT_TRUE(session.wants_opening());
    session.enter(numbered);
    session.enter_unnumbered(second);
    open(1);
    EXPECT_EQ(session.next(), &keyed);
    EXPECT_EQ(keyed.number(), nullptr);
    EXPECT_EQ(session.next(), &numbered);
    EXPECT_EQ(seq(numbered), 1u);
    EXPECT_EQ(session.next(), &second);
    session.leave(keyed);
    EXPECT_EQ(ack(numbered), 1u);
}

/// Against a plain model: whatever order calls end in, the acknowledged is always the first without an end.
TEST_F(once, counts_as_a_plain_model_does_in_any_order) {
    for (const unsigned seed : {1u, 2u, 3u, 4u}) {
        std::mt19937 random{seed};
        once_session side;
        side.opening();
        side.opened("s", 7);
        std::deque<call> all;
        std::vector<call*> open_calls;
        for (int step = 0; step < 2'000; ++step) {
            if (random() % 2 == 0) {
                side.enter(all.emplace_back());
            } else if (!open_calls.empty()) {
                const std::size_t which = random() % open_calls.size();
                side.leave(*open_calls[which]);
                open_calls.erase(open_calls.begin() + static_cast<std::ptrdiff_t>(which));
            }
            while (auto* next = side.next()) open_calls.push_back(static_cast<call*>(next));
            std::uint64_t least = ~std::uint64_t{0};
            for (const call* each : open_calls) least = std::min(least, seq(*each));
            for (const call* each : open_calls) {
                ASSERT_EQ(ack(*each), least);
                ASSERT_LT(seq(*each), least + 7);
            }
            ASSERT_LE(open_calls.size(), 7u);
        }
        for (call& each : all) side.leave(each);
    }
}

}  // namespace once_session_test
