#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "support.hpp"

namespace sim_test {

RPC_SERVICE(Index,
    (find, std::string(int key), farcall::readonly),
    (set, int(int key), farcall::idempotent),
    (pay, int(int key), farcall::exactly_once))

/// Each attempt takes as long as the list says; one below zero fails after that time.
struct index_of {
    simulation& sim;
    std::vector<int> takes;
    int begun = 0;
    int finished = 0;
    std::vector<unsigned> attempts{};

    awaitable<std::string> find(farcall::context& call, int) {
        const int ms = takes[static_cast<std::size_t>(begun) % takes.size()];
        const int number = ++begun;
        attempts.push_back(call.attempt());
        co_await sim.delay(std::chrono::milliseconds{std::abs(ms)});
        if (ms < 0) throw farcall::error{ms == -13 ? status::not_found : status::unavailable, "failed"};
        ++finished;
        co_return "from " + std::to_string(number);
    }
    awaitable<int> set(int key) {
        ++begun;
        co_await sim.delay(1s);
        co_return key;
    }
    awaitable<int> pay(int key) {
        ++begun;
        co_await sim.delay(1s);
        co_return key;
    }
};

class hedging : public ::testing::Test {
protected:
    index_of& serve(std::vector<int> takes) {
        handler.takes = std::move(takes);
        server = sim.serve<Index>(std::ref(handler));
        return handler;
    }
    Index::basic_proxy<farcall::hedged> proxy(farcall::hedged policy) {
        return Index::basic_proxy<farcall::hedged>{connection, policy};
    }

    world sim;
    index_of handler{sim, {}};
    std::unique_ptr<farcall::server> server;
    farcall::client connection = sim.connect();
};

TEST_F(hedging, a_quick_answer_needs_one_attempt) {
    serve({10});
    EXPECT_EQ(sim.run(proxy({.delay = 50ms}).find(1, use_awaitable)), "from 1");
    EXPECT_EQ(sim.elapsed(), 10ms);
    sim.run_for(1s);
    EXPECT_EQ(handler.begun, 1);
}

TEST_F(hedging, the_first_answer_wins_and_the_other_attempts_are_cancelled) {
    serve({1'000, 500, 30});
    EXPECT_EQ(sim.run(proxy({.max_attempts = 3, .delay = 50ms}).find(1, use_awaitable)), "from 3");
    EXPECT_EQ(sim.elapsed(), 130ms);
    EXPECT_EQ(handler.attempts, (std::vector<unsigned>{1, 2, 3}));
    sim.run_for(5s);
    EXPECT_EQ(handler.begun, 3);
    EXPECT_EQ(handler.finished, 1) << "the others were stopped";
}

TEST_F(hedging, a_failed_attempt_is_followed_by_the_next_at_once) {
    serve({-5, 20});
    EXPECT_EQ(sim.run(proxy({.delay = 50ms}).find(1, use_awaitable)), "from 2");
    EXPECT_EQ(sim.elapsed(), 25ms);
}

TEST_F(hedging, a_failure_while_another_attempt_runs_is_not_the_end) {
    serve({300, -20});
    EXPECT_EQ(sim.run(proxy({.delay = 50ms}).find(1, use_awaitable)), "from 1");
    EXPECT_EQ(sim.elapsed(), 300ms);
}

TEST_F(hedging, what_no_attempt_can_mend_ends_the_call) {
    serve({300, -13});
    const auto end = sim.run(proxy({.delay = 50ms}).find(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::not_found) << text_of(end);
    EXPECT_EQ(sim.elapsed(), 63ms);
    sim.run_for(1s);
    EXPECT_EQ(handler.finished, 0);
}

TEST_F(hedging, when_all_fail_the_last_error_tells) {
    serve({-5});
    const auto end = sim.run(proxy({.max_attempts = 3, .delay = 50ms}).find(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::unavailable);
    EXPECT_NE(end.error().message().find("(attempt 3, the last)"), std::string::npos) << text_of(end);
    EXPECT_EQ(handler.begun, 3);
    EXPECT_EQ(sim.elapsed(), 15ms);
}

TEST_F(hedging, without_a_server_it_ends_after_its_attempts) {
    const auto end = sim.run(proxy({.max_attempts = 2}).find(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::unavailable);
    EXPECT_EQ(end.error().executed(), executed::no);
}

TEST_F(hedging, spends_the_budget_and_does_without_when_it_is_empty) {
    serve({200});
    auto options = sim.client_options();
    options.retry_budget = {.share = 0, .per_second = 0.2};
    Index::basic_proxy<farcall::hedged> poor{sim.executor(), "sim://server", farcall::hedged{.delay = 50ms}, options};
    for (int i = 0; i < 5; ++i) EXPECT_NE(sim.run(poor.find(i, use_awaitable)), "");
    EXPECT_EQ(handler.begun, 7) << "two further attempts in ten seconds";
}

TEST_F(hedging, only_what_changes_nothing_runs_twice_at_a_time) {
    serve({1});
    const auto hedged = proxy({.max_attempts = 4, .delay = 10ms});
    EXPECT_EQ(sim.run(hedged.set(5, use_awaitable)), 5);
    EXPECT_EQ(handler.begun, 1);
    EXPECT_EQ(sim.run(hedged.pay(6, use_awaitable)), 6);
    EXPECT_EQ(handler.begun, 2);
}

TEST_F(hedging, a_cancelled_call_ends_all_its_attempts) {
    serve({1'000});
    boost::asio::cancellation_signal signal;
    std::optional<farcall::error> failure;
    proxy({.delay = 10ms}).find(1, boost::asio::bind_cancellation_slot(signal.slot(), [&](farcall::result<std::string> end) {
                                    ASSERT_FALSE(failure);
                                    failure = end.error();
                                }));
    sim.run_for(50ms);
    EXPECT_EQ(handler.begun, 2);
    signal.emit(boost::asio::cancellation_type::total);
    sim.run_for(0ms);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->status(), status::cancelled) << failure->what();
    EXPECT_EQ(failure->executed(), executed::unknown);
    sim.run_for(5s);
    EXPECT_EQ(handler.finished, 0);
    EXPECT_EQ(handler.begun, 2);
}

TEST_F(hedging, ends_at_the_deadline_of_the_call) {
    serve({10'000});
    const auto end =
        sim.run(farcall::with(proxy({.max_attempts = 5, .delay = 40ms}), farcall::timeout{100ms}).find(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(sim.elapsed(), 100ms);
    EXPECT_EQ(handler.begun, 3);
}

TEST_F(hedging, calls_under_way_end_with_the_executor) {
    auto token = std::make_shared<int>(0);
    {
        world other;
        index_of slow{other, {1'000}};
        auto there = other.serve<Index>(std::ref(slow));
        Index::basic_proxy<farcall::hedged> here{other.connect(), {.max_attempts = 3, .delay = 20ms}};
        here.find(1, [kept = token](farcall::result<std::string>) { FAIL(); });
        other.run_for(30ms);
        EXPECT_EQ(slow.begun, 2);
    }
    EXPECT_EQ(token.use_count(), 1);
}

}  // namespace sim_test
