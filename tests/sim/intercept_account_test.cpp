#include "guarded_server.hpp"

/// What a server counts, times and holds of calls that interceptors see, and what it takes from them.
namespace sim_test {
namespace {

TEST(intercepted_calls, of_reserved_names_that_are_none_are_counted_as_unknown_all_the_time) {
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{noting_around{"a", w.log, &w, 5ms}}; }};
    for (int id = 1; id <= 3; ++id) sim.send(guarded_world::request(id, "rpc.nothing", "[]"));
    sim.run_for(2ms);
    EXPECT_EQ(sim.server->metrics().unknown_methods.in_flight, 3u);
    EXPECT_EQ(sim.server->metrics().reserved_methods.in_flight, 0u);
    sim.received(20ms);
    const auto end = sim.server->metrics();
    EXPECT_EQ(end.unknown_methods.calls, 3u);
    EXPECT_EQ(end.unknown_methods.in_flight, 0u);
    EXPECT_EQ(end.reserved_methods.calls, 0u);
    EXPECT_EQ(end.reserved_methods.in_flight, 0u);
    sim.send(guarded_world::request(4, "rpc.discover", "[]"));
    sim.received(20ms);
    EXPECT_EQ(sim.server->metrics().reserved_methods.calls, 1u);
}

TEST(intercepted_calls, that_do_not_fit_are_refused_first_by_a_server_that_drains) {
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{noting{"a", w.log}}; }};
    sim.call(1, "wait", "[50]");
    sim.run_for(5ms);
    sim.server->stop();
    sim.run_for(5ms);
    sim.taken();
    sim.send(R"({"method":"add","params":[1,2,3],"kwargs":{"b":2}})");
    EXPECT_NE(sim.received(100ms).find("takes no more calls"), std::string::npos);
    EXPECT_EQ(sim.taken(), (lines{"a < 50"}));
}

TEST(intercepted_calls, that_come_too_late_are_limited_by_their_rate) {
    struct counting {
        int& seen;
        void before(intercepted_call&) {
            if (++seen > 2) throw farcall::error{status::resource_exhausted, "enough"};
        }
    };
    int seen = 0;
    guarded_world sim{[&](guarded_world&) { return std::vector<interceptor>{counting{seen}}; }};
    for (int id = 1; id <= 4; ++id) sim.call(id, "add", "[1,2]", R"({"timeout_ms":0})");
    sim.received();
    EXPECT_EQ(seen, 4);
    EXPECT_EQ(sim.counted("Guarded.add").outcomes[status::resource_exhausted], 2u);
    EXPECT_EQ(sim.server->metrics().late, 2u);
    EXPECT_EQ(sim.handler.runs, 0);
}

TEST(intercepted_calls, spend_their_time_in_interceptors_as_calls_of_every_kind) {
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{noting_around{"a", w.log, &w, 20ms, 10ms}}; }};
    sim.call(1, "add", "[1,2]");
    sim.call(2, "wait", "[5]");
    sim.call(3, "work", "[7]");
    sim.received(200ms);
    for (const auto& [method, time] : {std::pair{"Guarded.add", 30ms}, {"Guarded.wait", 35ms}, {"Guarded.work", 30ms}}) {
        EXPECT_EQ(sim.counted(method).latency.sum(), time) << method;
        EXPECT_EQ(sim.counted(method).queue.sum(), 0ms) << method;
    }
}

TEST(intercepted_calls, wait_for_a_thread_of_the_workers_in_the_queue) {
    struct busy {
        simulation& sim;
        void before(intercepted_call&) { sim.clock()->jump(20ms); }
    };
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{busy{w}}; }};
    sim.handler.takes_its_time = true;
    sim.peer->write(frame(guarded_world::request(1, "Guarded.work", "[7]")) +
                    frame(guarded_world::request(2, "Guarded.work", "[2]")));
    sim.received(200ms);
    // The first waits until the read is handled; the second for its turn, and then for the first. Both are answered at 49.
    EXPECT_EQ(sim.counted("Guarded.work").queue.sum(), 20ms + (20ms + 7ms));
    EXPECT_EQ(sim.counted("Guarded.work").latency.sum(), (49ms - 20ms) + (49ms - 27ms));
}

TEST(intercepted_calls, may_have_results_that_are_deeper_than_what_the_server_takes) {
    farcall::limits shallow;
    shallow.depth = 8;
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{noting{"a", w.log}}; }, shallow};
    sim.call(1, "nested", "[9]");
    EXPECT_EQ(sim.received(), result(1, "[[[[[[[[[]]]]]]]]]"));
    sim.send(guarded_world::request(2, "rpc.discover", "[]"));
    EXPECT_NE(sim.received().find(R"("result":{"openrpc":)"), std::string::npos);
}

TEST(intercepted_calls, count_what_they_hold_while_they_wait) {
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{noting_around{"a", w.log, &w, 20ms}}; }};
    const std::string params = "[\"" + std::string(30'000, 'x') + "\"]";
    sim.call(1, "fail", params);
    sim.call(2, "fail", params);
    sim.run_for(10ms);
    EXPECT_GT(sim.server->metrics().buffered_bytes, 60'000u);
    EXPECT_LT(sim.server->metrics().buffered_bytes, 62'000u);
    sim.received(100ms);
    EXPECT_EQ(sim.server->metrics().buffered_bytes, 0u);
    // A lost connection has nothing any more but what goes on.
    sim.call(3, "fail", params);
    sim.run_for(10ms);
    EXPECT_GT(sim.server->metrics().buffered_bytes, 30'000u);
    sim.peer->close();
    sim.run_for(10ms);
    EXPECT_EQ(sim.server->metrics().buffered_bytes, 0u);
}

TEST(intercepted_calls, that_wait_cannot_hold_more_than_the_server_may) {
    farcall::limits few;
    few.buffered = 100'000;
    guarded_world sim{[](guarded_world& w) { return std::vector<interceptor>{noting_around{"a", w.log, &w, 1h}}; }, few};
    const std::string params = "[\"" + std::string(30'000, 'x') + "\"]";
    for (int id = 1; id <= 6; ++id) {
        sim.call(id, "fail", params);
        sim.run_for(1ms);
    }
    EXPECT_NE(sim.received().find("limits.buffered"), std::string::npos);
    sim.peer->close();
    sim.run_for(10ms);
    EXPECT_EQ(sim.server->metrics().buffered_bytes, 0u);
}

TEST(intercepted_calls, are_anybodys_where_an_interceptor_says_so) {
    struct connected {
        void before(intercepted_call& call) { call.peer->principal = "ada"; }
    };
    struct dropping {
        void before(intercepted_call& call) {
            if (call.headers.contains("anonymous")) call.principal.clear();
        }
    };
    guarded_world sim{[](guarded_world&) { return std::vector<interceptor>{connected{}, dropping{}}; }};
    sim.call(1, "who", "[]");
    EXPECT_EQ(sim.received(), result(1, R"("")")) << "what the connection has when a call comes is what counts";
    sim.call(2, "who", "[]");
    EXPECT_EQ(sim.received(), result(2, R"("ada")"));
    sim.call(3, "who", "[]", R"({"headers":{"anonymous":"1"}})");
    EXPECT_EQ(sim.received(), result(3, R"("")"));
}

}  // namespace
}  // namespace sim_test
