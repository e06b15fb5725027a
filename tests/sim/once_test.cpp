#include <map>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "support.hpp"

namespace sim_test {

RPC_SERVICE(Till,
    (pay, int(int entry, int ms), farcall::exactly_once),
    (fail, int(int entry), farcall::exactly_once),
    (reads, int(), farcall::readonly))

struct till {
    simulation& sim;
    std::map<int, int>& runs;
    int* finished = nullptr;

    awaitable<int> pay(int entry, int ms) {
        ++runs[entry];
        if (ms > 0) co_await sim.delay(std::chrono::milliseconds{ms});
        if (finished != nullptr) ++*finished;
        co_return entry * 100 + runs[entry];
    }
    int fail(int entry) {
        ++runs[entry];
        throw farcall::error{status::unavailable, "the bank is shut"};
    }
    int reads() const { return 1; }
};

class exactly_once : public ::testing::Test {
protected:
    void serve() {
        if (server) server->stop(0ms);
        server.reset();
        server = sim.serve<Till>(till{sim, runs, &finished});
    }
    void cut_at(std::chrono::nanoseconds when) {
        sim.spawn([this, when]() -> awaitable<void> {
            co_await sim.delay(when);
            sim.network().disconnect("client", "server");
        });
    }

    world sim;
    std::map<int, int> runs;
    int finished = 0;
    std::unique_ptr<farcall::server> server;
    farcall::client connection = sim.connect();
    Till::proxy proxy{connection};
};

TEST_F(exactly_once, is_answered_by_the_only_run) {
    serve();
    EXPECT_EQ(sim.run(proxy.pay(7, 0, use_awaitable)), 701);
    EXPECT_EQ(sim.run(proxy.pay(8, 0, use_awaitable)), 801);
    EXPECT_EQ(sim.elapsed(), 0s);
}

TEST_F(exactly_once, a_call_whose_connection_is_lost_while_it_runs_gets_the_answer_of_that_run) {
    serve();
    for (const auto when : {50ms, 700ms, 1'500ms}) cut_at(when);
    EXPECT_EQ(sim.run(proxy.pay(7, 2'000, use_awaitable)), 701);
    EXPECT_EQ(runs[7], 1);
    EXPECT_GE(sim.elapsed(), 2'000ms);
    EXPECT_LT(sim.elapsed(), 2'600ms);
}

TEST_F(exactly_once, comes_through_losses_without_a_second_run) {
    for_seeds(100, [](std::uint64_t seed) {
        world sim{seed};
        sim.network().defaults() = {.delay = {1ms, 5ms}, .largest_piece = 60, .loss = 0.02};
        std::map<int, int> runs;
        auto server = sim.serve<Till>(till{sim, runs});
        Till::proxy proxy{sim.connect()};
        const auto patient = farcall::with(proxy, farcall::timeout{10min});
        for (int i = 1; i <= 20; ++i) {
            const auto end = sim.run(patient.pay(i, i % 3, as_result(use_awaitable)));
            ASSERT_TRUE(end) << text_of(end);
            EXPECT_EQ(*end, i * 100 + 1);
            EXPECT_EQ(runs[i], 1);
        }
    });
}

TEST_F(exactly_once, many_at_once_go_in_order_through_the_window) {
    serve();
    auto options = sim.client_options();
    options.retry_budget.unlimited = true;  // the loss of the connection concerns 512 calls
    Till::proxy busy{sim.executor(), "sim://server", farcall::no_retry{}, options};
    int ends = 0;
    for (int i = 0; i < 1'300; ++i)
        busy.pay(i, 10, [&, i](farcall::result<int> end) {
            ASSERT_TRUE(end) << text_of(end);
            EXPECT_EQ(*end, i * 100 + 1);
            ++ends;
        });
    cut_at(5ms);
    sim.run_for(9s);
    EXPECT_EQ(ends, 1'300);
    EXPECT_EQ(runs.size(), 1'300u);
}

TEST_F(exactly_once, waits_for_a_server_that_comes_up_within_the_deadline) {
    sim.spawn([this]() -> awaitable<void> {
        co_await sim.delay(4s);
        serve();
    });
    EXPECT_EQ(sim.run(proxy.pay(1, 0, use_awaitable)), 101);
    EXPECT_LT(sim.elapsed(), 10s);
}

TEST_F(exactly_once, ends_at_its_deadline_where_there_is_no_server_and_says_why) {
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{3s}).pay(1, 0, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("no session could be opened: cannot connect"), std::string::npos) << text_of(end);
    EXPECT_EQ(sim.elapsed(), 3s);
    // Nobody goes on asking for a session.
    std::size_t connects = 0;
    sim.network().observe([&](const farcall::testing::network_event& event) {
        if (event.what == farcall::testing::network_event::kind::connect) ++connects;
    });
    sim.run_for(10min);
    EXPECT_EQ(connects, 0u);
}

TEST_F(exactly_once, the_deadline_ends_a_run_that_is_too_slow) {
    serve();
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{300ms}).pay(1, 60'000, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::unknown);
    EXPECT_EQ(sim.elapsed(), 300ms);
    sim.run_for(2min);
    EXPECT_EQ(finished, 0) << "the handler was stopped";
    EXPECT_EQ(sim.run(proxy.pay(2, 0, use_awaitable)), 201);
}

TEST_F(exactly_once, a_server_that_has_forgotten_the_session_is_not_asked_to_run_it_again) {
    serve();
    sim.spawn([this]() -> awaitable<void> {
        co_await sim.delay(50ms);
        serve();
    });
    const auto end = sim.run(proxy.pay(1, 1'000, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(runs[1], 1);
    EXPECT_EQ(end.error().executed(), executed::unknown) << text_of(end);
    EXPECT_EQ(end.error().status(), status::aborted) << text_of(end);
    EXPECT_NE(end.error().message().find("forgotten the session"), std::string::npos);
    EXPECT_EQ(sim.run(proxy.pay(2, 0, use_awaitable)), 201) << "the next call has a new session";
}

TEST_F(exactly_once, a_session_that_was_forgotten_meanwhile_is_replaced_unseen) {
    serve();
    EXPECT_EQ(sim.run(proxy.pay(1, 0, use_awaitable)), 101);
    server->stop(0ms);
    server.reset();
    sim.run_for(1ms);
    serve();  // another process: it knows nothing
    EXPECT_EQ(sim.run(proxy.pay(2, 0, use_awaitable)), 201);
    sim.run_for(11min);  // the lease is over
    EXPECT_EQ(sim.run(proxy.pay(3, 0, use_awaitable)), 301);
}

TEST_F(exactly_once, what_the_handler_throws_is_the_answer) {
    serve();
    const auto end = sim.run(proxy.fail(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().message(), "the bank is shut");
    EXPECT_EQ(runs[1], 1);
    EXPECT_EQ(sim.elapsed(), 0s);
}

TEST_F(exactly_once, cancelled_it_stops_its_handler_and_the_session_goes_on) {
    serve();
    boost::asio::cancellation_signal signal;
    std::optional<farcall::error> failure;
    proxy.pay(1, 5'000, boost::asio::bind_cancellation_slot(signal.slot(), [&](farcall::result<int> end) {
                  failure = end.error();
              }));
    sim.run_for(10ms);
    signal.emit(boost::asio::cancellation_type::total);
    sim.run_for(0ms);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->status(), status::cancelled);
    EXPECT_EQ(failure->executed(), executed::unknown);
    sim.run_for(1min);
    EXPECT_EQ(finished, 0);
    EXPECT_EQ(sim.run(proxy.pay(2, 0, use_awaitable)), 201);
}

TEST_F(exactly_once, cancelled_while_it_waits_for_a_session_it_did_not_run) {
    boost::asio::cancellation_signal signal;
    std::optional<farcall::error> failure;
    proxy.pay(1, 0, boost::asio::bind_cancellation_slot(signal.slot(), [&](farcall::result<int> end) {
                  failure = end.error();
              }));
    sim.run_for(1s);
    signal.emit(boost::asio::cancellation_type::total);
    sim.run_for(0ms);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->status(), status::cancelled);
    EXPECT_EQ(failure->executed(), executed::no);
    serve();
    sim.run_for(1min);
    EXPECT_TRUE(runs.empty());
}

TEST_F(exactly_once, a_closed_client_ends_what_waits_for_a_session) {
    int ends = 0;
    for (int i = 0; i < 3; ++i)
        proxy.pay(i, 0, [&](farcall::result<int> end) {
            ++ends;
            EXPECT_EQ(end.error().status(), status::cancelled) << text_of(end);
            EXPECT_EQ(end.error().executed(), executed::no);
        });
    sim.run_for(1s);
    connection.close();
    sim.run_for(0ms);
    EXPECT_EQ(ends, 3);
}

TEST_F(exactly_once, a_policy_says_how_often_and_an_attempt_of_its_own_timeout_goes_on_running) {
    serve();
    Till::basic_proxy<farcall::fixed_delay> hurried{connection, {.max_attempts = 4, .delay = 10ms, .per_attempt = 300ms}};
    // The third attempt finds the answer of the run that the first began.
    EXPECT_EQ(sim.run(hurried.pay(1, 800, use_awaitable)), 101);
    EXPECT_EQ(runs[1], 1);
    const auto end = sim.run(hurried.pay(2, 60'000, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    EXPECT_NE(end.error().message().find("attempt 4"), std::string::npos) << text_of(end);
    EXPECT_EQ(runs[2], 1);
}

TEST_F(exactly_once, neither_an_empty_budget_nor_the_limit_of_attempts_ends_it) {
    serve();
    auto options = sim.client_options();
    options.retry_budget = {.share = 0, .per_second = 0.2};
    options.limits.attempts = 2;
    Till::proxy poor{sim.executor(), "sim://server", farcall::no_retry{}, options};
    for (int i = 1; i <= 60; ++i) cut_at(i * 500ms);
    EXPECT_EQ(sim.run(farcall::with(poor, farcall::timeout{5min}).pay(1, 40'000, use_awaitable)), 101);
    EXPECT_EQ(runs[1], 1);
}

TEST_F(exactly_once, calls_with_the_same_key_run_once_whoever_makes_them) {
    serve();
    Till::proxy other{sim.connect("sim://server", "elsewhere")};
    const auto keyed = [](const Till::proxy& by) { return farcall::with(by, farcall::idempotency_key{"order-77"}); };
    EXPECT_EQ(sim.run(keyed(proxy).pay(1, 5, use_awaitable)), 101);
    EXPECT_EQ(sim.run(keyed(other).pay(1, 5, use_awaitable)), 101);
    EXPECT_EQ(sim.run(keyed(proxy).pay(1, 5, use_awaitable)), 101);
    EXPECT_EQ(runs[1], 1);
    const auto end = sim.run(keyed(proxy).pay(2, 5, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::invalid_argument) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_EQ(runs.count(2), 0u);
}

TEST_F(exactly_once, a_call_with_a_key_is_repeated_too) {
    serve();
    cut_at(50ms);
    cut_at(900ms);
    EXPECT_EQ(sim.run(farcall::with(proxy, farcall::idempotency_key{"k"}).pay(1, 2'000, use_awaitable)), 101);
    EXPECT_EQ(runs[1], 1);
}

TEST_F(exactly_once, a_key_names_a_call_by_name_as_well) {
    serve();
    const auto keyed = farcall::with(connection, farcall::idempotency_key{"k"});
    EXPECT_EQ(sim.run(keyed.async_call<int>(use_awaitable, "Till.pay", 1, 0)), 101);
    EXPECT_EQ(sim.run(keyed.async_call<int>(use_awaitable, "Till.pay", 1, 0)), 101);
    EXPECT_EQ(runs[1], 1);
    const auto end = sim.run([&] { return keyed.async_call<int>(as_result(use_awaitable), "Till.reads"); });
    EXPECT_EQ(end.error().status(), status::invalid_argument) << text_of(end);
}

TEST_F(exactly_once, calls_in_every_stage_end_with_the_executor) {
    serve();
    auto token = std::make_shared<int>(0);
    {
        world other;
        std::map<int, int> counted;
        auto there = other.serve<Till>(till{other, counted});
        Till::proxy here{other.connect()};
        for (int i = 0; i < 600; ++i) here.pay(i, 1'000, [kept = token](farcall::result<int>) { FAIL(); });
        other.run_for(10ms);
        Till::proxy nowhere{other.connect("sim://nobody")};
        for (int i = 0; i < 3; ++i) nowhere.pay(i, 0, [kept = token](farcall::result<int>) { FAIL(); });
        other.run_for(500ms);
        EXPECT_GT(token.use_count(), 600);
    }
    EXPECT_EQ(token.use_count(), 1);
}

}  // namespace sim_test
