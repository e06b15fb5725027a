#include "scripted_server.hpp"

namespace sim_test {

TEST(keepalive, keeps_a_quiet_connection_and_notices_one_that_is_dead) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy proxy{sim.connect()};
    EXPECT_EQ(sim.run(farcall::with(proxy, farcall::no_timeout).slow(600'000, use_awaitable)), "after 600000 ms");
    EXPECT_EQ(sim.network().open_connections(), 1u);

    const auto began = sim.elapsed();
    std::optional<farcall::result<std::string>> end;
    sim.spawn([&]() -> awaitable<void> {
        end = co_await farcall::with(proxy, farcall::no_timeout).slow(600'000, as_result(use_awaitable));
    });
    sim.run_for(10s);
    sim.network().silence("client", "server");
    ASSERT_TRUE(sim.run_until([&] { return end.has_value(); }));
    EXPECT_LE(sim.elapsed() - began, 10s + 30s + 20s) << "interval and time-out after the cable was cut";
    ASSERT_FALSE(*end);
    EXPECT_EQ(end->error().status(), status::unavailable) << text_of(*end);
    EXPECT_EQ(end->error().executed(), executed::unknown);
    EXPECT_NE(end->error().message().find("client_options::keepalive"), std::string::npos);
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3) << "over a new connection";
}

TEST(keepalive, asks_only_where_nothing_has_come) {
    world sim;
    scripted_server server{sim};
    server.on_message = [](auto& link, const std::string&) { link.tell("rpc.pong", R"({"n":1})"); };
    auto options = sim.client_options();
    options.keepalive = 10s;
    options.keepalive_timeout = 2s;
    const farcall::client client{sim.executor(), "sim://server", options};
    client.notify("hello");
    sim.run_for(9s);
    ASSERT_EQ(server.links.size(), 1u);
    EXPECT_EQ(server.links[0]->count("rpc.ping"), 0u);
    client.notify("hello");
    sim.run_for(9s);
    EXPECT_EQ(server.links[0]->count("rpc.ping"), 0u);
    sim.run_for(1s);
    EXPECT_EQ(server.links[0]->count("rpc.ping"), 1u);
    sim.run_for(100s);
    EXPECT_EQ(server.links[0]->count("rpc.ping"), 11u);
    EXPECT_FALSE(server.links[0]->ended);

    server.on_message = nullptr;
    sim.run_for(11s);
    EXPECT_FALSE(server.links[0]->ended);
    sim.run_for(1s);
    EXPECT_TRUE(server.links[0]->ended);
}

TEST(keepalive, of_zero_asks_never) {
    world sim;
    auto options = sim.client_options();
    options.keepalive = 0s;
    scripted_server server{sim};
    const farcall::client client{sim.executor(), "sim://server", options};
    client.notify("hello");
    sim.run_for(24h);
    EXPECT_EQ(server.links[0]->messages.size(), 1u);
    EXPECT_FALSE(server.links[0]->ended);
}

TEST(keepalive, survives_a_machine_that_stood_still) {
    world sim;
    sim.network().defaults().delay = {200ms};
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy proxy{sim.connect()};
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
    for (const auto before : {1ms, 29'900ms, 30'100ms, 30'300ms}) {
        sim.run_for(before);
        sim.clock()->jump(3min);
        sim.run_for(1min);
        EXPECT_EQ(sim.network().open_connections(), 1u) << before.count();
        EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
    }
    // Dead in truth, it is found out all the same.
    sim.run_for(30'100ms);
    sim.network().silence("client", "server");
    sim.clock()->jump(3min);
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{5min}).add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable) << text_of(end);
}

TEST(keepalive, that_finds_a_server_that_never_said_a_word_counts_as_a_failure_to_connect) {
    world sim;
    scripted_server server{sim};
    const farcall::client client = farcall::with(sim.connect(), farcall::no_timeout);
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(sim.run(client.async_call<int>(as_result(use_awaitable), "x")));
    EXPECT_EQ(sim.elapsed(), 100s);
    const auto end = sim.run(client.async_call<int>(as_result(use_awaitable), "x"));
    EXPECT_EQ(sim.elapsed(), 100s);
    EXPECT_NE(end.error().message().find("client_options::reconnect"), std::string::npos) << text_of(end);
}

}  // namespace sim_test
