#include <farcall/testing/virtual_clock.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

using namespace std::chrono_literals;
using farcall::never;
using farcall::testing::virtual_clock;

namespace {

class virtual_clock_test : public ::testing::Test {
protected:
    /// Lets everything happen until then.
    void run_until(farcall::time_point limit) {
        do {
            context.restart();
            context.poll();
        } while (clock->step(limit));
    }

    boost::asio::io_context context;
    std::shared_ptr<virtual_clock> clock = std::make_shared<virtual_clock>();
    farcall::time_point start = clock->now();
    std::string log;
};

TEST_F(virtual_clock_test, stands_still_until_it_is_moved) {
    auto timer = clock->make_timer(context.get_executor());
    timer->set(start + 1ms, [&] { log += 'a'; });
    context.poll();
    EXPECT_EQ(clock->now(), start);
    EXPECT_EQ(log, "");
    EXPECT_EQ(clock->next_alarm(), start + 1ms);
    EXPECT_NE(start, farcall::time_point{}) << "a forgotten time should show";
}

TEST_F(virtual_clock_test, alarms_come_in_the_order_of_their_times_and_then_of_setting) {
    std::vector<std::unique_ptr<farcall::timer>> timers;
    const auto set = [&](std::chrono::milliseconds after, char what) {
        timers.push_back(clock->make_timer(context.get_executor()));
        timers.back()->set(start + after, [this, what, at = start + after] {
            log += what;
            EXPECT_EQ(clock->now(), at);
        });
    };
    set(30ms, 'd');
    set(10ms, 'a');
    set(20ms, 'b');
    set(20ms, 'c');
    set(40ms, 'e');
    run_until(start + 30ms);
    EXPECT_EQ(log, "abcd");
    EXPECT_EQ(clock->now(), start + 30ms);
    run_until(start + 1h);
    EXPECT_EQ(log, "abcde");
    EXPECT_EQ(clock->now(), start + 1h);
}

TEST_F(virtual_clock_test, what_an_alarm_sets_off_happens_before_the_next) {
    auto first = clock->make_timer(context.get_executor());
    auto second = clock->make_timer(context.get_executor());
    auto third = clock->make_timer(context.get_executor());
    second->set(start + 20ms, [&] { log += 'c'; });
    first->set(start + 10ms, [&] {
        log += 'a';
        third->set(start + 15ms, [&] { log += 'b'; });
    });
    run_until(start + 1s);
    EXPECT_EQ(log, "abc");
}

TEST_F(virtual_clock_test, a_timer_is_set_anew_and_cancelled) {
    auto timer = clock->make_timer(context.get_executor());
    timer->set(start + 10ms, [&] { log += 'a'; });
    timer->set(start + 20ms, [&] { log += 'b'; });
    run_until(start + 15ms);
    EXPECT_EQ(log, "");
    run_until(start + 30ms);
    EXPECT_EQ(log, "b");
    timer->set(start + 40ms, [&] { log += 'c'; });
    timer->cancel();
    EXPECT_EQ(clock->next_alarm(), never);
    run_until(start + 50ms);
    EXPECT_EQ(log, "b");
}

TEST_F(virtual_clock_test, a_timer_that_is_cancelled_or_destroyed_on_the_way_to_its_executor_does_not_call) {
    auto cancelled = clock->make_timer(context.get_executor());
    auto destroyed = clock->make_timer(context.get_executor());
    auto replaced = clock->make_timer(context.get_executor());
    cancelled->set(start + 1ms, [&] { log += 'a'; });
    destroyed->set(start + 1ms, [&] { log += 'b'; });
    replaced->set(start + 1ms, [&] { log += 'c'; });
    while (clock->step(start + 1ms)) {
    }
    cancelled->cancel();
    destroyed.reset();
    replaced->set(start + 2ms, [&] { log += 'd'; });
    run_until(start + 1s);
    EXPECT_EQ(log, "d");
}

TEST_F(virtual_clock_test, a_timer_may_be_set_and_destroyed_from_its_own_function) {
    auto timer = clock->make_timer(context.get_executor());
    int rounds = 0;
    std::function<void()> again = [&] {
        if (++rounds == 5) return timer.reset();
        timer->set(clock->now() + 1ms, again);
    };
    timer->set(start + 1ms, again);
    run_until(start + 1s);
    EXPECT_EQ(rounds, 5);
    EXPECT_EQ(clock->alarms_done(), 5u);
}

TEST_F(virtual_clock_test, an_alarm_in_the_past_comes_at_once) {
    clock->jump(1min);
    clock->call_at(start, context.get_executor(), [&] { log += 'a'; });
    run_until(clock->now());
    EXPECT_EQ(log, "a");
    EXPECT_EQ(clock->now(), start + 1min) << "time does not run backwards";
}

TEST_F(virtual_clock_test, a_jump_makes_the_alarms_on_the_way_late_and_keeps_their_order) {
    clock->call_at(start + 2s, context.get_executor(), [&] { log += 'b'; });
    clock->call_at(start + 1s, context.get_executor(), [&] { log += 'a'; });
    clock->call_at(start + 2min, context.get_executor(), [&] { log += 'c'; });
    clock->jump(1min);
    EXPECT_EQ(log, "");
    run_until(clock->now());
    EXPECT_EQ(log, "ab");
    EXPECT_EQ(clock->now(), start + 1min);
}

TEST_F(virtual_clock_test, an_alarm_is_taken_back_once) {
    const auto alarm = clock->call_at(start + 1s, context.get_executor(), [&] { log += 'a'; });
    EXPECT_TRUE(clock->take_back(alarm));
    EXPECT_FALSE(clock->take_back(alarm));
    run_until(start + 2s);
    EXPECT_EQ(log, "");
}

TEST_F(virtual_clock_test, an_alarm_for_never_does_not_come) {
    clock->call_at(never, context.get_executor(), [&] { log += 'a'; });
    EXPECT_EQ(clock->next_alarm(), never);
    EXPECT_FALSE(clock->step());
    EXPECT_EQ(clock->now(), start);
}

TEST_F(virtual_clock_test, abandoned_it_drops_every_alarm_and_takes_no_more) {
    struct sets_another {
        virtual_clock* clock;
        boost::asio::io_context* context;
        ~sets_another() { clock->call_at(clock->now(), context->get_executor(), [] { FAIL(); }); }
    };
    auto owned = std::make_shared<sets_another>(sets_another{clock.get(), &context});
    std::weak_ptr<sets_another> watched = owned;
    clock->call_at(start + 1s, context.get_executor(), [owned = std::move(owned)] { FAIL(); });
    clock->abandon();
    EXPECT_TRUE(watched.expired());
    EXPECT_EQ(clock->next_alarm(), never);
    run_until(start + 1h);
}

}  // namespace
