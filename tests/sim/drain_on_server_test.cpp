#include "patient_server.hpp"

#include <farcall/retry/exponential_backoff.hpp>

/// How a server ends its connections: what the peer is told, and what becomes of the calls.
namespace sim_test {

std::string goaway(std::string_view last_id) {
    return R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":)" + std::string{last_id} + "}}";
}

TEST(server_drain, says_which_call_was_the_last_and_refuses_those_that_come_all_the_same) {
    patient_world sim;
    sim.call(7, "wait", "[1000]");
    sim.call(8, "wait", "[500]");
    EXPECT_EQ(sim.received(), "");
    sim.server->stop(10s);
    EXPECT_EQ(sim.received(), goaway("8"));
    sim.call(9, "now", "[]");
    EXPECT_EQ(
        sim.received(),
        R"({"jsonrpc":"2.0","id":9,"error":{"code":-32014,"message":"the server takes no more calls on this connection; call again on a new one, or another server","data":{"executed":"no"}}})");
    sim.send(R"({"jsonrpc":"2.0","method":"Patient.now"})");
    sim.send(R"([{"jsonrpc":"2.0","id":10,"method":"Patient.now"}])");
    EXPECT_NE(sim.received().find(R"([{"jsonrpc":"2.0","id":10,"error":{"code":-32014,)"), std::string::npos);
    EXPECT_EQ(sim.handler.ended, 0);
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":3}})");
    EXPECT_NE(sim.received().find("rpc.pong"), std::string::npos);
    EXPECT_EQ(sim.received(500ms), R"({"jsonrpc":"2.0","id":8,"result":500})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_NE(sim.received().find(R"("id":7,"error":{"code":-32001)"), std::string::npos) << "cancels are obeyed";
    EXPECT_TRUE(sim.peer->ended()) << "nothing is left to answer";
    EXPECT_EQ(sim.peer->failure(), boost::asio::error::eof);
}

TEST(server_drain, tells_a_new_peer_in_its_own_protocol_that_no_call_was_taken) {
    patient_world sim;
    sim.server->stop(10s);
    sim.call(1, "now", "[]");
    const std::string told = sim.received(1ms);
    EXPECT_EQ(told.substr(0, told.find('\n')), goaway("null"));
    EXPECT_NE(told.find(R"("executed":"no")"), std::string::npos) << told;
    EXPECT_TRUE(sim.peer->ended());
}

TEST(server_drain, does_not_wait_for_a_new_peer_that_says_nothing) {
    patient_world sim;
    sim.server->stop(10s);
    EXPECT_EQ(sim.received(100ms), "");
    EXPECT_FALSE(sim.peer->ended());
    sim.run_for(2s);
    EXPECT_TRUE(sim.peer->ended());
    EXPECT_EQ(sim.network().open_connections(), 0u);
}

TEST(server_drain, does_not_wait_long_for_a_peer_that_has_its_answers_and_does_not_close) {
    patient_world sim;
    sim.network().link("raw", "server").delay = {20ms};
    sim.call(1, "wait", "[1000]");
    sim.run_for(100ms);
    sim.server->stop(1h);
    sim.run_for(1s);
    EXPECT_EQ(sim.handler.ended, 1);
    EXPECT_EQ(sim.disconnected, 0) << "what is on its way to the peer could be lost";
    sim.run_for(5s);
    EXPECT_EQ(sim.disconnected, 1);
}

TEST(server_drain, closes_a_peer_at_once_that_has_been_silent) {
    patient_world sim;
    sim.run_for(1s);
    sim.server->stop(10s);
    EXPECT_EQ(sim.received(1ms), "");
    EXPECT_TRUE(sim.peer->ended());
}

TEST(server_drain, says_the_ids_own_text) {
    patient_world sim;
    sim.peer->write(frame(R"({"jsonrpc":"2.0","id":"a\u0041","method":"Patient.wait","params":[20]})") +
                    frame(R"({"jsonrpc":"2.0","method":"Patient.now"})"));
    sim.run_for(1ms);
    sim.server->stop(10s);
    EXPECT_EQ(sim.received(100ms), goaway(R"("a\u0041")") + "\n" + R"({"jsonrpc":"2.0","id":"a\u0041","result":20})");
}

TEST(server_drain, is_shortened_by_a_second_stop_and_not_made_longer) {
    patient_world sim;
    sim.call(1, "watch", "[3600000]");
    sim.run_for(1ms);
    sim.server->stop(1h);
    sim.run_for(60s);
    EXPECT_EQ(sim.network().open_connections(), 1u);
    sim.server->stop(5s);
    sim.server->stop(2h);
    sim.run_for(4s);
    EXPECT_EQ(sim.handler.cancelled, 0);
    sim.run_for(1001ms);
    EXPECT_EQ(sim.handler.cancelled, 1);
    EXPECT_EQ(sim.network().open_connections(), 0u);
}

TEST(server_drain, waits_for_exactly_once_calls_of_lost_connections_as_long_as_its_grace) {
    for (const bool long_enough : {true, false}) {
        patient_world sim;
        sim.send(
            R"({"jsonrpc":"2.0","id":1,"method":"Patient.pay","meta":{"idempotency_key":"k"},"params":[5000]})");
        sim.run_for(1ms);
        sim.network().disconnect("raw", "server");
        sim.run_for(1ms);
        sim.server->stop(long_enough ? 10s : 1s);
        sim.run_for(20s);
        EXPECT_EQ(sim.handler.begun, 1);
        EXPECT_EQ(sim.handler.ended, long_enough ? 1 : 0);
    }
}

TEST(server_drain, of_an_idle_connection_tells_before_it_closes) {
    patient_world sim{{.idle = 60s}};
    sim.call(1, "now", "[]");
    EXPECT_EQ(sim.received(), R"({"jsonrpc":"2.0","id":1,"result":1})");
    EXPECT_EQ(sim.received(63s), goaway("1"));
    EXPECT_TRUE(sim.peer->ended());
}

TEST(server_drain, lets_requests_pass_that_are_on_their_way_while_it_ends) {
    patient_world sim;
    sim.network().defaults().delay = {50ms};
    sim.call(1, "now", "[]");
    sim.run_for(60ms);
    sim.server->stop(10s);
    sim.run_for(40ms);
    sim.call(2, "now", "[]");  // before the goaway has arrived
    const std::string told = sim.received(1s);
    EXPECT_EQ(told, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n" + goaway("1")) << "no reset has destroyed them";
    EXPECT_EQ(sim.handler.ended, 1);
}

TEST(restarts, of_a_server_under_load_lose_no_answer) {
    for_seeds(4, [](std::uint64_t seed) {
        world sim{seed};
        sim.network().defaults().delay = {100us, 3ms};
        ledger book{sim};
        auto server = sim.serve<Ledger>(std::ref(book));
        auto options = sim.client_options();
        options.limits.attempts = 1'000;
        // No budget and hardly a pause: this is about answers, not about politeness.
        options.retry_budget = {.share = 10, .per_second = 1'000};
        Ledger::basic_proxy<farcall::exponential_backoff> proxy{
            sim.executor(), "sim://server", {.max_attempts = 1'000, .initial_delay = 1ms, .max_delay = 20ms}, options};
        bool stopping = false;
        int under_way = 0;
        std::vector<int> answered;
        for (int client = 0; client < 8; ++client)
            sim.spawn([&, client]() -> awaitable<void> {
                ++under_way;
                for (int i = 0;; ++i) {
                    if (stopping) break;
                    const int entry = client * 1'000'000 + i;
                    const auto end = co_await farcall::with(proxy, farcall::timeout{60s})
                                         .slow_post(entry, i % 3 == 0 ? 0 : 7, as_result(use_awaitable));
                    EXPECT_TRUE(end) << entry << ": " << text_of(end);
                    if (end) answered.push_back(entry);
                }
                --under_way;
            });
        for (int restart = 0; restart < 50; ++restart) {
            sim.run_for(25ms);
            server->stop(10s);
            sim.run_for(1ms);  // it is its loop that closes the listener
            server = sim.serve<Ledger>(std::ref(book));
        }
        stopping = true;
        EXPECT_TRUE(sim.run_until([&] { return under_way == 0; }));
        EXPECT_GT(answered.size(), 500u);
        auto executed = book.posts;
        std::sort(executed.begin(), executed.end());
        std::sort(answered.begin(), answered.end());
        EXPECT_EQ(executed, answered) << "each once, and none without an answer";
    });
}

}  // namespace sim_test
