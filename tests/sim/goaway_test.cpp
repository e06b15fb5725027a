#include "scripted_server.hpp"

namespace sim_test {

/// A call whose end is awaited.
struct awaited {
    std::optional<farcall::result<int>> end;

    awaited(simulation& sim, const Ledger::proxy& proxy) {
        sim.spawn([this, &proxy]() -> awaitable<void> { end = co_await proxy.post(1, as_result(use_awaitable)); });
    }
};

TEST(goaway, keeps_the_calls_that_were_taken_and_sends_the_next_over_a_new_connection) {
    world sim;
    scripted_server server{sim};
    Ledger::proxy proxy{sim.connect()};
    awaited taken{sim, proxy}, refused{sim, proxy};
    sim.run_for(0s);
    ASSERT_EQ(server.links.size(), 1u);
    ASSERT_EQ(server.links[0]->messages.size(), 2u);
    server.links[0]->tell("rpc.goaway", R"({"last_id":1})");
    sim.run_for(0s);
    ASSERT_TRUE(refused.end);
    EXPECT_EQ(refused.end->error().status(), status::unavailable) << text_of(*refused.end);
    EXPECT_EQ(refused.end->error().executed(), executed::no);
    EXPECT_FALSE(taken.end);
    EXPECT_FALSE(server.links[0]->ended);

    awaited next{sim, proxy};
    sim.run_for(0s);
    ASSERT_EQ(server.links.size(), 2u);
    server.links[1]->answer(1, "7");
    sim.run_for(0s);
    ASSERT_TRUE(next.end && *next.end);
    EXPECT_EQ(**next.end, 7);

    server.links[0]->answer(1, "8");
    sim.run_for(0s);
    ASSERT_TRUE(taken.end && *taken.end);
    EXPECT_EQ(**taken.end, 8);
    EXPECT_TRUE(server.links[0]->ended) << "nothing is left for it";
    EXPECT_FALSE(server.links[1]->ended);
}

TEST(goaway, without_calls_ends_the_connection_and_is_no_failure) {
    world sim;
    scripted_server server{sim};
    server.on_message = [](auto& link, const std::string&) { link.answer(1, "5"); };
    Ledger::proxy proxy{sim.connect()};
    for (std::size_t round = 1; round <= 5; ++round) {
        EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 5);
        ASSERT_EQ(server.links.size(), round);
        server.links.back()->tell("rpc.goaway", R"({"last_id":1})");
        sim.run_for(0s);
        EXPECT_TRUE(server.links.back()->ended);
    }
    EXPECT_EQ(sim.elapsed(), 0s);
}

TEST(goaway, sends_what_was_not_taken_once_more_where_a_policy_says_so) {
    world sim;
    scripted_server server{sim};
    server.on_message = [&](auto& link, const std::string&) {
        if (server.links.size() == 1)
            link.tell("rpc.goaway", R"({"last_id":null})");
        else
            link.answer(1, "5");
    };
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect()};
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 5) << "not idempotent, but it did not run";
    EXPECT_EQ(server.links.size(), 2u);
}

TEST(goaway, does_not_hide_a_connection_from_the_end_of_the_client) {
    world sim;
    scripted_server server{sim};
    farcall::client client = sim.connect();
    const Ledger::proxy proxy{client};
    awaited taken{sim, proxy};
    sim.run_for(0s);
    server.links[0]->tell("rpc.goaway", R"({"last_id":1})");
    sim.run_for(0s);
    awaited other{sim, proxy};
    sim.run_for(0s);
    ASSERT_EQ(server.links.size(), 2u);
    client.close();
    sim.run_for(0s);
    for (awaited* call : {&taken, &other}) {
        ASSERT_TRUE(call->end);
        EXPECT_EQ(call->end->error().status(), status::cancelled) << text_of(*call->end);
    }
    EXPECT_TRUE(server.links[0]->ended && server.links[1]->ended);
}

}  // namespace sim_test
