#include "patient_server.hpp"
#include "witness.hpp"

namespace sim_test {
namespace {

using lines = std::vector<std::string>;

/// Everything of a call that is worth a look, in a line; times in milliseconds of the simulation.
std::string line_of(const farcall::call_event& event) {
    std::string text = std::string{event.method} + ' ' + std::string{event.id.empty() ? "-" : event.id} + ' ' +
                       std::string{to_string(event.status)};
    if (event.info == nullptr) text += " undeclared";
    if (event.attempts != 1) text += " attempt " + std::to_string(event.attempts);
    text += " in " + std::to_string(event.time / 1ms) + " behind " + std::to_string(event.queue / 1ms);
    if (!event.params.empty()) text += " with " + std::string{event.params};
    if (!event.request_id.empty()) text += " for " + std::string{event.request_id};
    if (!event.traceparent.empty()) text += " of " + std::string{event.traceparent};
    return text;
}

struct collected : witness {
    lines calls;
    std::vector<std::size_t> bytes;
    std::vector<std::string> failures;
    std::size_t wanted = 0;

    std::size_t wanted_params() const { return wanted; }
    void call_ended(const farcall::call_event& event) {
        calls.push_back(line_of(event));
        bytes = {event.bytes_in, event.bytes_out};
        failures.push_back(event.failure == nullptr ? "" : event.failure->message());
        EXPECT_EQ(event.connection.side, farcall::call_side::server);
        EXPECT_NE(event.connection.id, 0u);
        EXPECT_FALSE(event.connection.peer.empty());
    }
};

class observers_on_server : public ::testing::Test {
protected:
    explicit observers_on_server(farcall::limits limits = {}) : sim(limits, {told}) {}

    std::shared_ptr<collected> told = std::make_shared<collected>();
    patient_world sim;
};

TEST_F(observers_on_server, see_every_call_when_it_ends) {
    sim.call(1, "now", "[]");
    sim.call(2, "wait", "[5]");
    sim.call(3, "now", "[17]");
    sim.call(4, "nothing", "[]");
    sim.send(R"({"jsonrpc":"2.0","method":"Patient.now","params":[]})");
    sim.send(R"({"jsonrpc":"2.0","id":"x","method":"rpc.health"})");
    sim.received();
    EXPECT_EQ(told->calls, (lines{"Patient.now 1 ok in 0 behind 0", "Patient.now 3 invalid_argument in 0 behind 0",
                                  "Patient.nothing 4 unimplemented undeclared in 0 behind 0", "Patient.now - ok in 0 behind 0",
                                  "rpc.health \"x\" ok undeclared in 0 behind 0", "Patient.wait 2 ok in 5 behind 0"}));
}

TEST_F(observers_on_server, see_the_failure_of_a_notification_that_nobody_is_told) {
    sim.send(R"({"jsonrpc":"2.0","method":"Patient.now","params":[17]})");
    EXPECT_EQ(sim.received(), "");
    EXPECT_EQ(told->calls, (lines{"Patient.now - invalid_argument in 0 behind 0"}));
    EXPECT_NE(told->failures.at(0), "");
}

TEST_F(observers_on_server, see_the_elements_of_a_batch_one_by_one) {
    sim.send(R"([{"jsonrpc":"2.0","id":1,"method":"Patient.now"},7,{"jsonrpc":"2.0","id":2,"method":"Patient.wait","params":[3]}])");
    sim.received();
    EXPECT_EQ(told->calls, (lines{"Patient.now 1 ok in 0 behind 0", "Patient.wait 2 ok in 3 behind 0"}));
    EXPECT_TRUE(told->saw("drop server 1 native: what is no request"));
}

TEST_F(observers_on_server, see_requests_in_a_dialect) {
    sim.send(R"({"request_id":3,"method":"now","params":[],"timestamp":1.5,"service":"Patient"})");
    sim.send(R"({"request_id":4,"params":[],"timestamp":1.5,"service":"Patient"})");
    sim.received();
    ASSERT_EQ(told->calls.size(), 1u);
    EXPECT_TRUE(told->calls[0].starts_with("Patient.now ")) << told->calls[0];
    EXPECT_TRUE(told->saw("drop server 1 native: what is no request")) << "the one without a method";
}

TEST_F(observers_on_server, tell_the_time_in_the_queue_from_that_of_the_handler) {
    sim.peer->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"Patient.busy","params":[20]})") +
                    frame(R"({"jsonrpc":"2.0","id":2,"method":"Patient.busy","params":[30]})"));
    sim.received();
    EXPECT_EQ(told->calls, (lines{"Patient.busy 1 ok in 20 behind 0", "Patient.busy 2 ok in 30 behind 20"}));
}

TEST_F(observers_on_server, see_what_travels_with_a_call) {
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Patient.now","meta":{"timeout_ms":1000,"attempt":2,"traceparent":"00-a-b-c",)"
             R"("headers":{"X-Request-Id":"r-7"}},"params":[]})");
    sim.received();
    EXPECT_EQ(told->calls, (lines{"Patient.now 1 ok attempt 2 in 0 behind 0 for r-7 of 00-a-b-c"}));
}

TEST_F(observers_on_server, see_the_bytes_of_request_and_answer) {
    const std::string_view request = R"({"jsonrpc":"2.0","id":1,"method":"Patient.now","params":[]})";
    sim.send(request);
    const std::string answer = sim.received();
    EXPECT_EQ(told->bytes, (std::vector<std::size_t>{request.size(), answer.size()}));
}

TEST_F(observers_on_server, see_calls_end_that_nobody_waits_for_any_more) {
    sim.call(1, "wait", "[1000]");
    sim.call(2, "wait", "[1000]");
    sim.received();
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":1}})");
    sim.received();
    EXPECT_EQ(told->calls.size(), 1u);
    EXPECT_TRUE(told->calls.at(0).starts_with("Patient.wait 1 cancelled"));
    sim.peer->close();
    sim.run_for(1ms);
    EXPECT_EQ(told->calls.size(), 2u);
    EXPECT_TRUE(told->calls.at(1).starts_with("Patient.wait 2 cancelled"));
    EXPECT_EQ(told->failures.at(1), "the caller's connection was lost before the call was answered");
}

TEST_F(observers_on_server, see_why_calls_fail_that_end_with_the_server) {
    sim.call(1, "stubborn", "[1000]");
    sim.received();
    sim.server->stop(0ms);
    sim.run_for(10ms);
    ASSERT_EQ(told->calls.size(), 1u);
    EXPECT_TRUE(told->calls[0].starts_with("Patient.stubborn 1 unavailable")) << told->calls[0];
    EXPECT_EQ(told->failures.at(0), "the server stopped before the call was answered");
}

TEST_F(observers_on_server, see_a_failure_that_is_given_again) {
    // Cut off by its own deadline: that it ran is what is recorded.
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Patient.pay","meta":{"timeout_ms":10,"idempotency_key":"k"},"params":[50]})");
    sim.received(100ms);
    sim.send(R"({"jsonrpc":"2.0","id":2,"method":"Patient.pay","meta":{"idempotency_key":"k"},"params":[50]})");
    sim.received(100ms);
    ASSERT_EQ(told->calls.size(), 2u);
    EXPECT_TRUE(told->calls[1].starts_with("Patient.pay 2 deadline_exceeded")) << told->calls[1];
    EXPECT_NE(told->failures.at(0), "");
    EXPECT_EQ(told->failures.at(1), told->failures.at(0));
}

TEST_F(observers_on_server, see_replies_that_are_given_again) {
    const std::string pay = R"({"jsonrpc":"2.0","id":1,"method":"Patient.pay","meta":{"idempotency_key":"k"},"params":[1]})";
    sim.send(pay);
    sim.received();
    sim.send(pay);
    sim.received();
    EXPECT_EQ(told->calls, (lines{"Patient.pay 1 ok in 1 behind 0", "Patient.pay 1 ok in 0 behind 0"}));
}

TEST_F(observers_on_server, see_connections_come_and_go_and_what_they_speak) {
    EXPECT_EQ(told->seen, (lines{"listening sim://server", "up server 1"}));
    sim.call(1, "now", "[]");
    sim.received();
    sim.peer->close();
    sim.run_for(0s);
    const auto speak = [&](std::string_view bytes) {
        auto peer = raw_stream::connect(sim);
        peer->write(bytes);
        peer->read(1s);
        peer->close();
        sim.run_for(0s);
        return told->seen.back();
    };
    EXPECT_EQ(told->seen.back(), "down server 1 native");
    EXPECT_EQ(speak("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Patient.now\"}\n"), "down server 2 lines");
    EXPECT_EQ(speak("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), "down server 3 http");
    EXPECT_EQ(speak("Content-Length: 2\r\n\r\n{}"), "down server 4 content_length");
    EXPECT_EQ(speak("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
              "down server 5 websocket");
    EXPECT_TRUE(speak("\x7f\x7f\x7f\x7f").starts_with("down server 6: these bytes begin no protocol")) << told->seen.back();
}

TEST_F(observers_on_server, see_a_connection_that_breaks) {
    sim.call(1, "now", "[]");
    sim.received();
    sim.network().disconnect("raw", "server");
    sim.run_for(0s);
    EXPECT_TRUE(told->saw("down server 1 native: ")) << told->seen.back();
}

TEST_F(observers_on_server, see_the_server_drain_and_stop) {
    sim.call(1, "wait", "[100]");
    sim.received();
    sim.server->stop(1s);
    sim.run_for(0s);
    sim.call(2, "now", "[]");
    sim.run_for(1s);
    EXPECT_EQ(told->seen, (lines{"listening sim://server", "up server 1", "draining", "goaway server 1 native",
                                 "down server 1 native", "stopped"}));
    EXPECT_EQ(told->calls, (lines{"Patient.now 2 unavailable in 0 behind 0", "Patient.wait 1 ok in 100 behind 0"}));
}

TEST_F(observers_on_server, get_the_arguments_only_if_one_wants_them) {
    sim.call(1, "wait", "[5]");
    sim.received();
    EXPECT_EQ(told->calls, (lines{"Patient.wait 1 ok in 5 behind 0"}));
    auto curious = std::make_shared<collected>();
    curious->wanted = 4;
    patient_world other{{}, {curious}};
    other.call(1, "wait", "[5]");
    other.call(2, "now", "[123456789]");
    other.received();
    EXPECT_EQ(curious->calls,
              (lines{"Patient.now 2 invalid_argument in 0 behind 0 with [123", "Patient.wait 1 ok in 5 behind 0 with [5]"}));
}

/// A server with small limits.
class observers_of_limits : public observers_on_server {
protected:
    static farcall::limits small() {
        farcall::limits made;
        made.in_flight = 1;
        made.frame = 4000;
        made.pings = 1;
        made.connections_per_peer = 2;
        made.handshake = 1s;
        return made;
    }
    observers_of_limits() : observers_on_server(small()) {}
};

TEST_F(observers_of_limits, see_each_by_its_name) {
    sim.call(1, "wait", "[100]");
    sim.call(2, "wait", "[100]");
    sim.received();
    EXPECT_TRUE(told->saw("limit server 1 native: in_flight"));
    EXPECT_TRUE(told->calls.at(0).starts_with("Patient.wait 2 resource_exhausted"));
    auto second = raw_stream::connect(sim);
    auto third = raw_stream::connect(sim);
    sim.run_for(0s);
    EXPECT_TRUE(told->saw("limit server 3: connections_per_peer"));
    EXPECT_FALSE(told->saw("up server 3")) << "it was turned away";
    second->ends_within(4s);
    EXPECT_TRUE(told->saw("limit server 2: handshake"));
    EXPECT_TRUE(told->saw("down server 2: limits.handshake"));
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":2}})");
    sim.received();
    EXPECT_TRUE(told->saw("limit server 1 native: pings"));
    auto fourth = raw_stream::connect(sim);
    fourth->write(frame(std::string(4001, ' ')));
    fourth->read(1s);
    EXPECT_TRUE(told->saw("native: frame"));
}

struct hidden_text {
    int now() { throw std::runtime_error{"connect to 10.0.0.7 failed"}; }
};
RPC_SERVICE(Clock, (now, int()))

TEST(observers_of_failures, get_the_text_that_the_caller_does_not_get) {
    world sim;
    auto options = sim.server_options();
    auto told = add_witness(options.observers);
    std::string text, message;
    told->on_call = [&](const farcall::call_event& event) {
        message = event.failure->message();
        text = event.failure->private_text();
    };
    farcall::server server{options};
    server.add<Clock>(hidden_text{});
    server.listen("sim://server");
    server.start();
    const auto end = sim.run(Clock::proxy{sim.connect()}.now(as_result(use_awaitable)));
    EXPECT_EQ(end.error().message().find("10.0.0.7"), std::string::npos);
    EXPECT_EQ(end.error().private_text(), "");
    EXPECT_EQ(text, "connect to 10.0.0.7 failed");
    EXPECT_EQ(message, end.error().message());
}

}  // namespace
}  // namespace sim_test
