#include <farcall/testing/simulation.hpp>

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using farcall::testing::simulation;

namespace {

RPC_SERVICE(Calculator, (add, int(int a, int b), farcall::readonly))

struct calculator {
    int add(int a, int b) const { return a + b; }
};

TEST(simulation, a_service_is_tested_in_four_lines) {
    simulation sim{7};
    auto server = sim.serve<Calculator>(calculator{});
    Calculator::proxy calc{sim.connect()};
    EXPECT_EQ(sim.run(calc.add(5, 3, use_awaitable)), 8);
}

TEST(simulation, hours_pass_without_a_wait) {
    simulation sim;
    const auto real = std::chrono::steady_clock::now();
    sim.run([&]() -> awaitable<void> { co_await sim.delay(24h); }, 25h);
    EXPECT_EQ(sim.elapsed(), 24h);
    EXPECT_LT(std::chrono::steady_clock::now() - real, 1min);
}

TEST(simulation, runs_for_a_time_or_until_something_is_true) {
    simulation sim;
    int ticks = 0;
    sim.spawn([&]() -> awaitable<void> {
        for (;; ++ticks) co_await sim.delay(10ms);
    });
    sim.run_for(95ms);
    EXPECT_EQ(ticks, 9);
    EXPECT_EQ(sim.elapsed(), 95ms);
    EXPECT_TRUE(sim.run_until([&] { return ticks == 20; }));
    EXPECT_EQ(sim.elapsed(), 200ms);
    EXPECT_FALSE(sim.run_until([&] { return ticks == 1'000; }, 1s));
    EXPECT_EQ(sim.elapsed(), 1'200ms);
}

TEST(simulation, what_a_coroutine_throws_comes_out) {
    simulation sim;
    EXPECT_THROW(sim.run([]() -> awaitable<int> {
        throw std::out_of_range{"thrown"};
        co_return 1;
    }),
                 std::out_of_range);
    sim.spawn([&]() -> awaitable<void> {
        co_await sim.delay(1s);
        throw std::logic_error{"thrown"};
    });
    EXPECT_NO_THROW(sim.run_for(900ms));
    EXPECT_THROW(sim.run_for(1s), std::logic_error);
    EXPECT_NO_THROW(sim.run_for(1s));
}

TEST(simulation, a_coroutine_that_does_not_end_in_time_is_said_so) {
    simulation sim;
    try {
        sim.run([&]() -> awaitable<void> { co_await sim.delay(2h); });
        FAIL();
    } catch (const farcall::error& failure) {
        EXPECT_EQ(failure.status(), farcall::status::deadline_exceeded);
    }
    EXPECT_EQ(sim.elapsed(), simulation::default_limit);
    sim.run_for(2h);  // its late end harms nobody
}

TEST(simulation, a_coroutine_returns_what_cannot_be_copied_or_made_from_nothing) {
    struct only_moved {
        explicit only_moved(int from) : value(std::make_unique<int>(from)) {}
        std::unique_ptr<int> value;
    };
    simulation sim;
    const only_moved got = sim.run([&]() -> awaitable<only_moved> {
        co_await sim.delay(1ms);
        co_return only_moved{5};
    });
    EXPECT_EQ(*got.value, 5);
}

TEST(simulation, a_delay_is_cancelled) {
    simulation sim;
    boost::asio::cancellation_signal signal;
    std::optional<boost::system::error_code> end;
    sim.delay(1h, boost::asio::bind_cancellation_slot(signal.slot(),
                                                      [&](boost::system::error_code why) { end = why; }));
    sim.run_for(1s);
    EXPECT_FALSE(end);
    signal.emit(boost::asio::cancellation_type::all);
    sim.run_for(0s);
    EXPECT_EQ(end, boost::asio::error::operation_aborted);
    sim.run_for(2h);
}

TEST(simulation, its_end_destroys_what_waits_and_calls_nobody) {
    auto alive = std::make_shared<int>(0);
    std::weak_ptr<int> watched = alive;
    bool called = false;
    {
        simulation sim;
        sim.network().defaults().delay = {1s};
        sim.spawn([&sim, &called, alive = std::move(alive)]() -> awaitable<void> {
            co_await sim.delay(1h);
            called = true;
        });
        auto server = sim.serve<Calculator>(calculator{});
        Calculator::proxy calc{sim.connect()};
        EXPECT_EQ(sim.run(calc.add(1, 2, use_awaitable)), 3);
        // One that still connects, too.
        sim.network().partition("other", "server");
        const Calculator::proxy other{sim.connect("sim://server", "other")};
        const auto hurried = farcall::with(other, farcall::timeout{1s});
        EXPECT_FALSE(sim.run(hurried.add(1, 2, farcall::as_result(use_awaitable))));
    }
    EXPECT_TRUE(watched.expired());
    EXPECT_FALSE(called);
}

TEST(simulation, the_same_seed_gives_the_same_history_and_another_seed_another) {
    const auto history = [](std::uint64_t seed) {
        simulation sim{seed};
        std::ostringstream text;
        sim.trace_to(&text);
        sim.network().defaults().delay = {1ms, 30ms};
        sim.network().defaults().largest_piece = 10;
        auto server = sim.serve<Calculator>(calculator{});
        Calculator::proxy calc{sim.connect()};
        for (int i = 0; i < 5; ++i) EXPECT_EQ(sim.run(calc.add(i, 1, use_awaitable)), i + 1);
        return std::pair{sim.trace_hash(), text.str()};
    };
    EXPECT_EQ(history(4), history(4));
    EXPECT_NE(history(4).first, history(5).first);
    EXPECT_NE(history(4).second.find("client -> server wrote connection 1"), std::string::npos) << history(4).second;
}

TEST(simulation, clients_have_their_own_hosts) {
    simulation sim;
    auto server = sim.serve<Calculator>(calculator{});
    Calculator::proxy one{sim.connect("sim://server", "one")};
    Calculator::proxy two{sim.connect("sim://server", "two")};
    sim.network().partition("one", "server");
    EXPECT_EQ(sim.run(two.add(1, 2, use_awaitable)), 3);
    EXPECT_THROW(sim.run(farcall::with(one, farcall::timeout{1s}).add(1, 2, use_awaitable)), farcall::error);
}

TEST(simulation, several_servers_share_a_world) {
    simulation sim;
    auto first = sim.serve<Calculator>(calculator{}, "sim://first");
    auto second = sim.serve<Calculator>(calculator{}, "sim://second");
    EXPECT_EQ(sim.run(Calculator::proxy{sim.connect("sim://first")}.add(1, 2, use_awaitable)), 3);
    EXPECT_EQ(sim.run(Calculator::proxy{sim.connect("sim://second")}.add(2, 2, use_awaitable)), 4);
}

}  // namespace
