#include "patient_server.hpp"

#include <farcall/interceptor/coroutine.hpp>

/// What a server counts and times, in virtual time.
namespace {

using namespace sim_test;
using farcall::method_metrics;
using farcall::server_metrics;

struct measured_world : patient_world {
    using patient_world::patient_world;

    server_metrics metrics() const { return server->metrics(); }
    method_metrics of(std::string_view name) const {
        const std::string whole = "Patient." + std::string{name};
        for (method_metrics each : metrics().methods)
            if (each.method == whole) return each;
        ADD_FAILURE() << "no method " << whole;
        return {};
    }
    static std::string request(std::string_view method, std::string_view params, std::string_view id = "1") {
        return R"({"jsonrpc":"2.0","id":)" + std::string{id} + R"(,"method":"Patient.)" + std::string{method} +
               R"(","params":)" + std::string{params} + "}";
    }
};

/// Calls, failures and what it ended with, as text: "3 calls, 1 failed: invalid_argument 1".
std::string told(const method_metrics& counts) {
    std::string text = std::to_string(counts.calls) + " calls, " + std::to_string(counts.failures) + " failed";
    for (unsigned code = 1; code != counts.outcomes.counts.size(); ++code)
        if (counts.outcomes.counts[code] != 0)
            text += ", " + std::string{to_string(static_cast<status>(code))} + ' ' +
                    std::to_string(counts.outcomes.counts[code]);
    EXPECT_EQ(counts.calls, counts.latency.count());
    EXPECT_EQ(counts.calls, counts.queue.count());
    EXPECT_EQ(counts.outcomes[status::ok], counts.calls - counts.failures);
    return text;
}

TEST(metrics, of_a_server_that_was_not_called_name_every_method) {
    measured_world sim;
    const server_metrics found = sim.metrics();
    std::string names;
    for (const method_metrics& each : found.methods) {
        names += each.method + ' ';
        EXPECT_EQ(told(each), "0 calls, 0 failed") << each.method;
        EXPECT_EQ(each.latency.max(), 0ns);
    }
    EXPECT_EQ(names, "Patient.busy Patient.finish Patient.now Patient.pay Patient.stubborn Patient.wait Patient.watch "
                     "Patient.work ");
    EXPECT_EQ(told(found.unknown_methods), "0 calls, 0 failed");
    EXPECT_EQ(found.protocol_errors, 0u);
}

TEST(metrics, count_what_succeeds_and_what_fails_apart) {
    measured_world sim;
    sim.call(1, "now", "[]");
    sim.call(2, "now", "[]");
    sim.call(3, "now", "[17]");
    sim.received();
    EXPECT_EQ(told(sim.of("now")), "3 calls, 1 failed, invalid_argument 1");
    EXPECT_EQ(told(sim.of("busy")), "0 calls, 0 failed");
}

TEST(metrics, count_the_bytes_of_messages_without_their_frames) {
    measured_world sim;
    const std::string call = sim.request("now", "[]");
    sim.send(call);
    const std::string answer = sim.received();
    EXPECT_EQ(sim.of("now").bytes_in, call.size());
    EXPECT_EQ(sim.of("now").bytes_out, answer.size());
    sim.send(sim.request("now", "[1]"));
    const std::string failure = sim.received();
    EXPECT_EQ(sim.of("now").bytes_out, answer.size() + failure.size());
}

TEST(metrics, count_the_arguments_of_calls_without_an_envelope) {
    measured_world sim;
    auto peer = raw_stream::connect(sim);
    const std::string_view arguments = R"({"ms":3})";
    peer->write("POST /Patient.busy HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(arguments.size()) + "\r\n\r\n" + std::string{arguments});
    ASSERT_TRUE(peer->read(10ms));
    EXPECT_EQ(told(sim.of("busy")), "1 calls, 0 failed");
    EXPECT_EQ(sim.of("busy").bytes_in, arguments.size());
}

TEST(metrics, a_notification_is_a_call_without_bytes_out) {
    measured_world sim;
    const std::string_view good = R"({"jsonrpc":"2.0","method":"Patient.now","params":[]})";
    const std::string_view bad = R"({"jsonrpc":"2.0","method":"Patient.now","params":[1]})";
    sim.send(good);
    sim.send(bad);
    EXPECT_EQ(sim.received(), "");
    EXPECT_EQ(told(sim.of("now")), "2 calls, 1 failed, invalid_argument 1");
    EXPECT_EQ(sim.of("now").bytes_out, 0u);
    EXPECT_EQ(sim.of("now").bytes_in, good.size() + bad.size());
}

TEST(metrics, every_element_of_a_batch_is_a_call) {
    measured_world sim;
    const std::string element = sim.request("now", "[]");
    sim.send("[" + element + ", 7," + sim.request("wait", "[5]", "2") + "," + sim.request("nothing", "[]", "3") +
             R"(,{"jsonrpc":"2.0","method":"Patient.now"}])");
    sim.received();
    EXPECT_EQ(told(sim.of("now")), "2 calls, 0 failed");
    EXPECT_EQ(sim.of("now").bytes_in, element.size() + 40);
    EXPECT_EQ(sim.of("now").bytes_out, std::string_view{R"({"jsonrpc":"2.0","id":1,"result":1})"}.size());
    EXPECT_EQ(told(sim.of("wait")), "1 calls, 0 failed");
    EXPECT_EQ(told(sim.metrics().unknown_methods), "1 calls, 1 failed, unimplemented 1");
    EXPECT_EQ(sim.metrics().protocol_errors, 1u);
}

TEST(metrics, names_that_are_no_method_are_counted_together) {
    measured_world sim;
    for (int i = 0; i != 100; ++i) sim.call(i, "method_" + std::to_string(i), "[]");
    sim.send(R"({"jsonrpc":"2.0","method":"Nobody.knows","params":[]})");
    sim.received();
    EXPECT_EQ(told(sim.metrics().unknown_methods), "101 calls, 101 failed, unimplemented 101");
    EXPECT_EQ(sim.metrics().methods.size(), 8u);
}

TEST(metrics, messages_that_are_no_request_are_no_calls) {
    measured_world sim;
    sim.send("{}");
    sim.send("[]");
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Patient.now","params":[}]})");
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Patient.now","meta":{"timeout_ms":"soon"},"params":[]})");
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Nobody.knows","params":[}]})");
    sim.send(R"({"request_id":3,"params":[]})");
    sim.received();
    EXPECT_EQ(sim.metrics().protocol_errors, 6u);
    EXPECT_EQ(told(sim.of("now")), "0 calls, 0 failed");
    EXPECT_EQ(told(sim.metrics().unknown_methods), "0 calls, 0 failed");
}

TEST(metrics, the_librarys_own_calls_are_counted_apart_and_its_side_messages_are_none) {
    measured_world sim;
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"rpc.health"})");
    sim.send(R"({"jsonrpc":"2.0","id":2,"method":"rpc.health","params":{"service":"None"}})");
    sim.send(R"({"jsonrpc":"2.0","id":3,"method":"rpc.discover"})");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})");
    sim.send(R"({"jsonrpc":"2.0","id":4,"method":"rpc.nothing"})");
    sim.received();
    EXPECT_EQ(told(sim.metrics().reserved_methods), "3 calls, 1 failed, not_found 1");
    EXPECT_EQ(told(sim.metrics().unknown_methods), "1 calls, 1 failed, unimplemented 1");
}

TEST(metrics, requests_in_a_dialect_are_calls_of_the_method) {
    measured_world sim;
    const std::string call = R"({"request_id":1,"method":"now","params":[],"timestamp":1.5,"service":"Patient"})";
    sim.send(call);
    sim.send(R"({"request_id":2,"method":"wait","params":[3],"timestamp":1.5,"service":"Patient"})");
    sim.received(10ms);
    EXPECT_EQ(told(sim.of("now")), "1 calls, 0 failed");
    EXPECT_EQ(sim.of("now").bytes_in, call.size());
    EXPECT_EQ(told(sim.of("wait")), "1 calls, 0 failed");
    sim.send(call);
    sim.received(10ms);
    EXPECT_EQ(told(sim.of("now")), "2 calls, 0 failed");
    EXPECT_EQ(sim.metrics().replayed, 1u);
}

TEST(metrics, time_a_handler_from_its_turn_and_the_wait_before_that_apart) {
    measured_world sim;
    sim.peer->write(frame(sim.request("busy", "[20]")) + frame(sim.request("busy", "[3]", "2")) +
                    frame(sim.request("now", "[]", "3")));
    sim.received();
    EXPECT_EQ(sim.of("busy").latency.min(), 3ms);
    EXPECT_EQ(sim.of("busy").latency.max(), 20ms);
    EXPECT_EQ(sim.of("busy").queue.min(), 0ms);
    EXPECT_EQ(sim.of("busy").queue.max(), 20ms);
    EXPECT_EQ(sim.of("now").latency.sum(), 0ms);
    EXPECT_EQ(sim.of("now").queue.sum(), 23ms);
}

TEST(metrics, a_coroutine_is_in_flight_until_it_has_answered) {
    measured_world sim;
    sim.call(1, "wait", "[30]");
    sim.call(2, "wait", "[10]");
    EXPECT_EQ(sim.received(5ms), "");
    EXPECT_EQ(sim.of("wait").in_flight, 2u);
    EXPECT_EQ(told(sim.of("wait")), "0 calls, 0 failed");
    sim.received(100ms);
    EXPECT_EQ(sim.of("wait").in_flight, 0u);
    EXPECT_EQ(told(sim.of("wait")), "2 calls, 0 failed");
    EXPECT_EQ(sim.of("wait").latency.min(), 10ms);
    EXPECT_EQ(sim.of("wait").latency.max(), 30ms);
}

TEST(metrics, a_call_after_a_coroutine_that_took_its_time_at_once_waits_that_long) {
    measured_world sim;
    // The first turn takes 20 ms on the I/O thread, then the coroutine goes to sleep.
    sim.server.reset();
    sim.server.emplace(sim.server_options());
    sim.server->add("doze", [&sim]() -> awaitable<int> {
        sim.clock()->jump(20ms);
        co_await sim.delay(50ms);
        co_return 1;
    });
    sim.server->add("now", [] { return 1; });
    sim.server->listen("sim://other");
    sim.server->start();
    sim.peer = raw_stream::connect(sim, "sim://other");
    sim.peer->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"doze"})") +
                    frame(R"({"jsonrpc":"2.0","id":2,"method":"now"})"));
    sim.received(200ms);
    const server_metrics found = sim.metrics();
    ASSERT_EQ(found.methods.size(), 2u);
    EXPECT_EQ(found.methods[0].latency.sum(), 70ms);
    EXPECT_EQ(found.methods[1].queue.sum(), 20ms);
}

TEST(metrics, a_call_of_the_workers_waits_for_its_thread) {
    measured_world sim;
    sim.peer->write(frame(sim.request("work", "[7]")) + frame(sim.request("work", "[2]", "2")));
    sim.received();
    EXPECT_EQ(told(sim.of("work")), "2 calls, 0 failed");
    EXPECT_EQ(sim.of("work").queue.max(), 7ms);
    EXPECT_EQ(sim.of("work").latency.min(), 2ms);
}

TEST(metrics, a_call_whose_time_was_over_before_its_turn_is_late) {
    measured_world sim;
    sim.peer->write(frame(sim.request("busy", "[50]")) + sim.timed(2, "now", "[]", 20));
    sim.received();
    EXPECT_EQ(told(sim.of("now")), "1 calls, 1 failed, deadline_exceeded 1");
    EXPECT_EQ(sim.metrics().late, 1u);
    EXPECT_EQ(sim.of("now").queue.sum(), 50ms);
}

TEST(metrics, a_call_that_is_stopped_ends_with_the_reason) {
    measured_world sim;
    sim.peer->write(sim.timed(1, "wait", "[100]", 20));
    sim.call(2, "wait", "[100]");
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":2}})");
    sim.received(50ms);
    EXPECT_EQ(told(sim.of("wait")), "2 calls, 2 failed, cancelled 1, deadline_exceeded 1");
    EXPECT_EQ(sim.of("wait").latency.max(), 20ms);
    EXPECT_EQ(sim.metrics().late, 0u);
}

TEST(metrics, calls_of_a_lost_connection_have_been_cancelled) {
    measured_world sim;
    sim.call(1, "wait", "[100]");
    sim.call(2, "stubborn", "[100]");
    sim.received(10ms);
    sim.peer->close();
    sim.run_for(10ms);
    EXPECT_EQ(told(sim.of("wait")), "1 calls, 1 failed, cancelled 1");
    EXPECT_EQ(told(sim.of("stubborn")), "1 calls, 1 failed, cancelled 1");
    EXPECT_EQ(sim.of("stubborn").in_flight, 0u);
    sim.run_for(200ms);
    EXPECT_EQ(told(sim.of("stubborn")), "1 calls, 1 failed, cancelled 1");
    EXPECT_EQ(sim.handler.ended, 1);
}

TEST(metrics, a_call_beyond_the_limit_in_flight_is_refused_and_counted) {
    farcall::limits few;
    few.in_flight = 2;
    measured_world sim{few};
    for (int id = 1; id != 6; ++id) sim.call(id, "wait", "[10]");
    sim.received(50ms);
    EXPECT_EQ(told(sim.of("wait")), "5 calls, 3 failed, resource_exhausted 3");
}

TEST(metrics, an_attempt_that_gets_the_reply_of_another_is_a_call_that_was_replayed) {
    measured_world sim;
    const auto pay = [](int id, int attempt) {
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Patient.pay","meta":{"attempt":)" +
               std::to_string(attempt) + R"(,"idempotency_key":"k"},"params":[20]})";
    };
    sim.send(pay(1, 1));
    sim.received(5ms);
    sim.send(pay(2, 2));  // joins
    EXPECT_EQ(sim.of("pay").in_flight, 1u);
    sim.received(5ms);
    EXPECT_EQ(sim.of("pay").in_flight, 2u);
    sim.received(50ms);
    sim.send(pay(3, 3));  // is replayed
    sim.received(50ms);
    EXPECT_EQ(sim.handler.ended, 1);
    EXPECT_EQ(told(sim.of("pay")), "3 calls, 0 failed");
    EXPECT_EQ(sim.metrics().replayed, 2u);
    EXPECT_EQ(sim.metrics().repeated, 2u);
    EXPECT_EQ(sim.of("pay").in_flight, 0u);
}

TEST(metrics, a_replayed_failure_is_a_failure) {
    measured_world sim;
    // Cut off by its own deadline: that it ran is what is recorded.
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Patient.pay","meta":{"timeout_ms":10,"idempotency_key":"k"},"params":[50]})");
    sim.received(100ms);
    sim.send(R"({"jsonrpc":"2.0","id":2,"method":"Patient.pay","meta":{"idempotency_key":"k"},"params":[50]})");
    sim.received(100ms);
    EXPECT_EQ(told(sim.of("pay")), "2 calls, 2 failed, deadline_exceeded 2");
    EXPECT_EQ(sim.metrics().replayed, 1u);
}

TEST(metrics, calls_that_come_while_the_server_drains_are_counted_as_refused) {
    measured_world sim;
    sim.call(1, "wait", "[50]");
    sim.received(10ms);
    sim.server->stop(1s);
    sim.call(2, "now", "[]");
    sim.call(3, "nothing", "[]");
    sim.received(100ms);
    EXPECT_EQ(told(sim.of("wait")), "1 calls, 0 failed");
    EXPECT_EQ(told(sim.of("now")), "1 calls, 1 failed, unavailable 1");
    EXPECT_EQ(told(sim.metrics().unknown_methods), "1 calls, 1 failed, unavailable 1");
}

TEST(metrics, the_sum_of_the_outcomes_is_what_the_caller_was_told) {
    for (const std::string_view protocol : {"native", "lines", "http"}) {
        measured_world sim;
        const auto send = [&](const std::string& json) {
            if (protocol == "native") sim.peer->write(frame(json));
            if (protocol == "lines") sim.peer->write(json + '\n');
            if (protocol == "http")
                sim.peer->write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
                                std::to_string(json.size()) + "\r\n\r\n" + json);
            while (sim.peer->read(20ms)) {
            }
        };
        send(sim.request("now", "[]"));
        send(sim.request("wait", "[5]"));
        send(sim.request("work", "[5]"));
        send(sim.request("now", "[1]"));
        send(sim.request("never", "[1]"));
        send("[" + sim.request("now", "[]") + "," + sim.request("wait", "[5]") + "]");
        EXPECT_EQ(told(sim.of("now")), "3 calls, 1 failed, invalid_argument 1") << protocol;
        EXPECT_EQ(told(sim.of("wait")), "2 calls, 0 failed") << protocol;
        EXPECT_EQ(told(sim.of("work")), "1 calls, 0 failed") << protocol;
        EXPECT_EQ(told(sim.metrics().unknown_methods), "1 calls, 1 failed, unimplemented 1") << protocol;
        EXPECT_EQ(sim.of("now").bytes_in, 2 * sim.request("now", "[]").size() + sim.request("now", "[1]").size())
            << protocol;
        EXPECT_EQ(sim.metrics().protocol_errors, 0u) << protocol;
    }
}

/// Refuses what begins with 1, answers what begins with 7 itself, and holds the rest up.
struct picky {
    simulation* sim;
    awaitable<farcall::call_outcome> around(farcall::intercepted_call& call, farcall::next_call& next) const {
        if (call.params.starts_with("[7")) co_return farcall::call_outcome::answer("70");
        if (call.params.starts_with("[1"))
            throw farcall::error{status::permission_denied, "not today"}.with_executed(executed::no);
        co_await sim->delay(20ms);
        co_return co_await next();
    }
};

TEST(metrics, count_what_interceptors_answer_refuse_and_hold_up) {
    measured_world sim;
    sim.server.reset();
    auto options = sim.server_options();
    options.interceptors = {picky{&sim}};
    sim.server.emplace(std::move(options));
    sim.server->add<Patient>(std::ref(sim.handler));
    sim.server->listen("sim://other");
    sim.server->start();
    sim.peer = raw_stream::connect(sim, "sim://other");
    sim.call(1, "wait", "[7]");
    sim.call(2, "wait", "[11]");
    sim.call(3, "wait", "[30]");
    sim.received(10ms);
    EXPECT_EQ(sim.of("wait").in_flight, 1u);
    EXPECT_EQ(told(sim.of("wait")), "2 calls, 1 failed, permission_denied 1");
    sim.received(100ms);
    EXPECT_EQ(told(sim.of("wait")), "3 calls, 1 failed, permission_denied 1");
    EXPECT_EQ(sim.of("wait").in_flight, 0u);
    EXPECT_EQ(sim.of("wait").latency.max(), 50ms);
}

TEST(metrics, can_be_switched_off) {
    measured_world sim;
    sim.server.reset();
    auto options = sim.server_options();
    options.metrics = false;
    sim.server.emplace(std::move(options));
    sim.server->add<Patient>(std::ref(sim.handler));
    sim.server->listen("sim://other");
    sim.server->start();
    sim.peer = raw_stream::connect(sim, "sim://other");
    sim.call(1, "now", "[]");
    sim.call(2, "wait", "[1]");
    sim.call(3, "nobody", "[1]");
    sim.send("[]");
    EXPECT_NE(sim.received(), "");
    EXPECT_TRUE(sim.metrics().methods.empty());
}

}  // namespace
