#include "patient_server.hpp"

/// What a server does for peers that cancel calls, ask whether it is there, and say what it does not know: raw bytes,
/// without a client.
namespace sim_test {

constexpr std::string_view cancelled_7 =
    R"({"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"the caller cancelled the call while the handler ran","data":{"executed":"yes"}}})";

TEST(server_cancel, ends_what_a_coroutine_waits_for_and_answers_that_it_was_cancelled) {
    patient_world sim;
    sim.call(7, "wait", "[60000]");
    sim.call(8, "wait", "[1000]");
    EXPECT_EQ(sim.received(), "");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_EQ(sim.received(), cancelled_7);
    EXPECT_EQ(sim.handler.ended, 0);
    EXPECT_EQ(sim.received(1s), R"({"jsonrpc":"2.0","id":8,"result":1000})") << "the other call went on";
}

TEST(server_cancel, requests_the_stop_of_the_calls_context_only) {
    patient_world sim;
    sim.call(6, "watch", "[1000]");
    sim.call(7, "watch", "[60000]");
    EXPECT_EQ(sim.received(), "");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_EQ(sim.received(), cancelled_7);
    EXPECT_EQ(sim.handler.cancelled, 1);
    EXPECT_TRUE(sim.handler.last_stop.stop_requested());
    EXPECT_EQ(sim.received(1s), R"({"jsonrpc":"2.0","id":6,"result":1000})");
    EXPECT_EQ(sim.handler.cancelled, 1);
}

TEST(server_cancel, of_the_language_server_protocol_is_understood_and_ids_are_compared_as_text) {
    patient_world sim;
    sim.send(R"({"jsonrpc":"2.0","id":"a7","method":"Patient.wait","params":[60000]})");
    sim.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"a"}})");
    sim.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":7}})");
    EXPECT_EQ(sim.received(), "");
    sim.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"a7"}})");
    EXPECT_EQ(
        sim.received(),
        R"({"jsonrpc":"2.0","id":"a7","error":{"code":-32001,"message":"the caller cancelled the call while the handler ran","data":{"executed":"yes"}}})");
}

TEST(server_cancel, in_the_same_read_and_in_a_batch_is_obeyed) {
    patient_world sim;
    sim.peer->write(frame(R"({"jsonrpc":"2.0","id":7,"method":"Patient.wait","params":[60000]})") +
                    frame(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})"));
    EXPECT_EQ(sim.received(), cancelled_7);
    sim.send(
        R"([{"jsonrpc":"2.0","id":7,"method":"Patient.wait","params":[60000]},{"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}}])");
    EXPECT_EQ(sim.received(), "[" + std::string{cancelled_7} + "]");
}

TEST(server_cancel, of_a_call_that_is_not_under_way_changes_nothing) {
    patient_world sim;
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    sim.call(1, "now", "[]");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    sim.call(1, "now", "[]");
    EXPECT_EQ(sim.received(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}");
}

TEST(server_cancel, leaves_the_slot_to_a_handler_that_goes_on) {
    patient_world sim{{.in_flight = 1}};
    sim.call(1, "stubborn", "[5000]");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    sim.call(2, "wait", "[1]");
    EXPECT_NE(sim.received().find(R"("id":2,"error":{"code":-32008,"message":"limits.in_flight)"), std::string::npos);
    EXPECT_EQ(sim.received(5s), R"({"jsonrpc":"2.0","id":1,"result":5000})") << "what it says in the end is passed on";
    sim.call(3, "wait", "[1]");
    EXPECT_EQ(sim.received(), R"({"jsonrpc":"2.0","id":3,"result":1})");
}

TEST(server_cancel, lets_a_handler_end_with_a_result) {
    patient_world sim;
    sim.call(1, "finish", "[60000]");
    EXPECT_EQ(sim.received(20ms), "");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    EXPECT_EQ(sim.received(), R"({"jsonrpc":"2.0","id":1,"result":20})");
}

TEST(server_cancel, follows_from_the_loss_of_the_connection) {
    patient_world sim;
    sim.call(1, "watch", "[60000]");
    sim.call(2, "wait", "[60000]");
    sim.call(3, "stubborn", "[60000]");
    EXPECT_EQ(sim.received(), "");
    sim.network().disconnect("raw", "server");
    sim.run_for(1s);
    EXPECT_EQ(sim.handler.cancelled, 1);
    EXPECT_EQ(sim.handler.begun, 3);
    EXPECT_EQ(sim.handler.ended, 0);
    sim.run_for(60s);
    EXPECT_EQ(sim.handler.ended, 1) << "nobody can stop the last one";
}

TEST(server_cancel, follows_from_a_stop_at_once) {
    patient_world sim;
    sim.call(1, "watch", "[60000]");
    EXPECT_EQ(sim.received(), "");
    sim.server->stop(0ms);
    sim.run_for(1s);
    EXPECT_EQ(sim.handler.cancelled, 1);
    EXPECT_EQ(sim.network().open_connections(), 0u);
}

TEST(side_messages, that_are_malformed_are_answered_as_any_such_message) {
    patient_world sim;
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7)");
    EXPECT_NE(sim.received().find("-32700"), std::string::npos);
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}]})");
    EXPECT_NE(sim.received().find("-32700"), std::string::npos);
    // Without the member that counts there is nothing to do, and nobody to tell.
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":[7]})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel"})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":"x"}})");
    EXPECT_EQ(sim.received(), "");
}

TEST(side_messages, that_are_unknown_are_ignored_and_calls_of_such_names_are_not) {
    patient_world sim;
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.tomorrow","params":{"id":7}})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.pong","params":{"n":7}})");
    EXPECT_EQ(sim.received(), "");
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"rpc.tomorrow"})");
    EXPECT_NE(sim.received().find(R"("id":1,"error":{"code":-32601)"), std::string::npos);
    sim.send(R"({"jsonrpc":"2.0","id":2,"method":"rpc.cancel","params":{"id":7}})");
    EXPECT_NE(sim.received().find(R"("id":2,"error":{"code":-32601)"), std::string::npos);
}

TEST(pings, are_answered_with_their_number) {
    patient_world sim;
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":18446744073709551615}})");
    sim.call(1, "now", "[]");
    EXPECT_EQ(sim.received(),
              R"({"jsonrpc":"2.0","method":"rpc.pong","params":{"n":18446744073709551615}})"
              "\n"
              R"({"jsonrpc":"2.0","id":1,"result":1})");
}

TEST(pings, above_the_limit_of_a_minute_close_the_connection_with_the_limits_name) {
    patient_world sim{{.pings = 3}};
    const std::string ping = R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})";
    for (int i = 0; i < 3; ++i) sim.send(ping);
    EXPECT_NE(sim.received().find("rpc.pong"), std::string::npos);
    sim.run_for(61s);
    for (int i = 0; i < 3; ++i) sim.send(ping);
    EXPECT_NE(sim.received().find("rpc.pong"), std::string::npos) << "a minute later they count anew";
    EXPECT_FALSE(sim.peer->ended());
    sim.send(ping);
    const std::string last = sim.received();
    EXPECT_NE(last.find("limits.pings"), std::string::npos) << last;
    EXPECT_EQ(last.find("rpc.pong"), std::string::npos) << last;
    EXPECT_TRUE(sim.peer->ends_within(1s));
}

TEST(pings, do_not_keep_an_idle_connection_open) {
    patient_world sim{{.idle = 60s}};
    sim.call(1, "now", "[]");
    while (sim.elapsed() < 62s && !sim.peer->ended()) {
        sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})");
        sim.received(10s);
    }
    EXPECT_TRUE(sim.peer->ends_within(2s));
    EXPECT_LE(sim.elapsed(), 75s);
}

}  // namespace sim_test
