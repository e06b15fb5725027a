#include <farcall/testing/simulation.hpp>

#include <gtest/gtest.h>

#include <sstream>

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::use_awaitable;
using farcall::as_result;
using farcall::executed;
using farcall::status;
using farcall::testing::process;
using farcall::testing::simulation;

namespace {

RPC_SERVICE(Counter, (count, int(int upto)), (slow, int(int ms)))

/// Remembers in its process only; what it did to the world is counted outside.
struct counter {
    simulation& sim;
    int& effects;
    int counted = 0;

    int count(int upto) {
        ++effects;
        return counted += upto;
    }
    awaitable<int> slow(int ms) {
        co_await sim.delay(std::chrono::milliseconds{ms});
        ++effects;
        co_return ms;
    }
};

/// A process that serves counters, and how often they counted.
struct counting {
    simulation sim;
    int effects = 0;
    process& server;

    explicit counting(std::uint64_t seed = 1)
        : sim(seed), server(sim.start("server", [this](process& self) {
              return self.serve<Counter>(counter{sim, effects});
          })) {}
};

TEST(process, answers_and_forgets_everything_with_a_crash) {
    counting all;
    Counter::proxy proxy{all.sim.connect()};
    EXPECT_EQ(all.sim.run(proxy.count(5, use_awaitable)), 5);
    EXPECT_EQ(all.sim.run(proxy.count(5, use_awaitable)), 10);
    all.sim.crash("server");
    EXPECT_FALSE(all.server.running());
    const auto end = all.sim.run(proxy.count(5, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable);

    all.sim.restart("server");
    EXPECT_EQ(all.server.starts(), 2u);
    all.sim.run_for(5min);  // longer than any pause between attempts to connect
    EXPECT_EQ(all.sim.run(proxy.count(5, use_awaitable)), 5);
}

TEST(process, nothing_of_it_runs_after_a_crash) {
    counting all;
    Counter::proxy proxy{all.sim.connect()};
    std::optional<farcall::result<int>> end;
    all.sim.spawn([&]() -> awaitable<void> { end = co_await proxy.slow(100, as_result(use_awaitable)); });
    all.sim.run_for(50ms);
    all.sim.crash("server");
    all.sim.run_for(1ms);
    ASSERT_TRUE(end) << "its system closes its connections";
    EXPECT_EQ(end->error().status(), status::unavailable);
    EXPECT_EQ(end->error().executed(), executed::unknown);
    all.sim.run_for(1s);
    EXPECT_EQ(all.effects, 0);
    EXPECT_EQ(all.sim.network().open_connections(), 0u);
}

TEST(process, what_it_wrote_before_a_crash_arrives) {
    counting all;
    all.sim.network().defaults().delay = {10ms};
    Counter::proxy proxy{all.sim.connect()};
    std::optional<int> answer;
    all.sim.spawn([&]() -> awaitable<void> { answer = co_await proxy.count(1, use_awaitable); });
    EXPECT_TRUE(all.sim.run_until([&] { return all.effects == 1; }));
    all.sim.run_for(1ms);
    EXPECT_FALSE(answer);
    all.sim.crash("server");
    all.sim.run_for(20ms);
    EXPECT_EQ(answer, 1);
}

TEST(process, a_machine_that_fails_leaves_its_peers_half_open) {
    counting all;
    Counter::proxy proxy{all.sim.connect()};
    EXPECT_EQ(all.sim.run(proxy.count(1, use_awaitable)), 1);
    std::optional<farcall::result<int>> end;
    all.sim.spawn([&]() -> awaitable<void> {
        end = co_await farcall::with(proxy, farcall::timeout{3s}).slow(100, as_result(use_awaitable));
    });
    all.sim.run_for(50ms);
    all.sim.fail("server");
    all.sim.run_for(2s);
    EXPECT_FALSE(end);
    all.sim.run_for(2s);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().status(), status::deadline_exceeded);
}

TEST(process, its_memory_is_gone_at_once) {
    simulation sim;
    const auto alive = std::make_shared<int>(1);
    sim.network().defaults().delay = {5ms};
    int effects = 0;
    sim.start("server", [&](process& self) { return self.serve<Counter>(counter{sim, effects}); });
    sim.start("client", [alive](process& self) {
        const Counter::proxy proxy{self.connect()};
        // One that waits for an answer, one that waits for a time, one that has just begun.
        self.spawn([proxy, alive]() -> awaitable<void> {
            for (;;) (void)co_await proxy.count(1, as_result(use_awaitable));
        });
        self.spawn([&self, alive]() -> awaitable<void> { co_await self.world().delay(1h); });
        return std::pair{proxy, alive};
    });
    sim.run_for(102ms);
    sim.at("client").spawn([alive]() -> awaitable<void> { co_return; });
    EXPECT_GE(alive.use_count(), 5);
    sim.crash("client");
    EXPECT_EQ(alive.use_count(), 2) << "ours, and that of the function that starts it";
    sim.run_for(10ms);
    EXPECT_EQ(sim.network().open_connections(), 0u) << "the server has seen the end";
}

TEST(process, crashes_from_inside_when_what_it_runs_has_returned) {
    simulation sim;
    std::vector<std::string> seen;
    sim.start("server", [&](process& self) {
        auto made = std::make_unique<farcall::server>(self.server_options());
        made->add("die", [&] {
            self.world().crash("server");
            seen.push_back("still here");
        });
        made->add("again", [&] { self.world().restart("server"); });
        made->listen("sim://server");
        made->start();
        return made;
    });
    const farcall::client client = sim.connect();
    const auto die = sim.run(client.async_call<void>(as_result(use_awaitable), "die"));
    EXPECT_FALSE(sim.at("server").running());
    EXPECT_EQ(seen.size(), 1u);
    EXPECT_TRUE(die || die.error().executed() == executed::unknown);
    sim.restart("server");
    sim.run_for(5min);
    (void)sim.run(client.async_call<void>(as_result(use_awaitable), "again"));
    EXPECT_TRUE(sim.at("server").running());
    EXPECT_EQ(sim.at("server").starts(), 3u);
}

TEST(process, a_suspended_one_finds_what_came_in_the_meantime) {
    counting all;
    Counter::proxy proxy{all.sim.connect()};
    EXPECT_EQ(all.sim.run(proxy.count(1, use_awaitable)), 1);
    all.sim.suspend("server");
    std::optional<int> answer;
    all.sim.spawn([&]() -> awaitable<void> { answer = co_await proxy.count(1, use_awaitable); });
    all.sim.run_for(5s);
    EXPECT_FALSE(answer);
    all.sim.resume("server");
    all.sim.run_for(0s);
    EXPECT_EQ(answer, 2);
}

TEST(process, hosts_have_one_each_and_names_that_are_known) {
    counting all;
    EXPECT_THROW(all.sim.start("server", [](process&) {}), farcall::error);
    EXPECT_THROW(all.sim.crash("nobody"), farcall::error);
    EXPECT_NO_THROW(all.sim.crash("server"));
    EXPECT_NO_THROW(all.sim.crash("server")) << "a second time does nothing";
}

TEST(process, the_same_seed_gives_the_same_history) {
    const auto history = [](std::uint64_t seed) {
        counting all{seed};
        all.sim.network().defaults() = {.delay = {1ms, 9ms}, .largest_piece = 10};
        for (int i = 0; i < 3; ++i)
            all.sim.start("client-" + std::to_string(i), [](process& self) {
                self.spawn([&self, proxy = Counter::proxy{self.connect()}]() -> awaitable<void> {
                    for (int k = 0; k < 10; ++k) {
                        (void)co_await proxy.slow(k, as_result(use_awaitable));
                        co_await self.world().delay(3ms);
                    }
                });
            });
        all.sim.run_for(60ms);
        all.sim.crash("server");
        all.sim.crash("client-1");
        all.sim.run_for(20ms);
        all.sim.restart("server");
        all.sim.run_for(10s);
        return all.sim.trace_hash();
    };
    EXPECT_EQ(history(1), history(1));
    EXPECT_NE(history(1), history(2));
}

TEST(process, what_a_connection_brought_is_brought_again) {
    counting all;
    all.sim.network().defaults().kept_for_replay = 10'000;
    EXPECT_FALSE(all.sim.network().replay("client", "server")) << "nothing to repeat yet";
    Counter::proxy proxy{all.sim.connect()};
    EXPECT_EQ(all.sim.run(proxy.count(1, use_awaitable)), 1);
    EXPECT_EQ(all.sim.run(proxy.count(1, use_awaitable)), 2);
    EXPECT_FALSE(all.sim.network().replay("client", "server")) << "it has not ended";
    all.sim.network().disconnect("client", "server");
    all.sim.run_for(1ms);
    EXPECT_TRUE(all.sim.network().replay("client", "server"));
    all.sim.run_for(1ms);
    EXPECT_EQ(all.effects, 4);
    EXPECT_EQ(all.sim.network().open_connections(), 0u);
    EXPECT_FALSE(all.sim.network().replay("server", "client"));
}

}  // namespace
