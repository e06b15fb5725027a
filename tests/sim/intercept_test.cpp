#include "guarded_server.hpp"

/// What interceptors of a server see and may do: raw bytes, without a client.
namespace sim_test {
namespace {

/// With `noting` under "a" and "b": each of the two plain or a coroutine.
class server_chain : public ::testing::TestWithParam<const char*> {
protected:
    static std::vector<interceptor> chain(guarded_world& sim) {
        std::vector<interceptor> chain;
        for (const char* at = GetParam(); *at != '\0'; ++at) {
            const std::string name(1, static_cast<char>('a' + (at - GetParam())));
            if (*at == 'p')
                chain.push_back(noting{name, sim.log});
            else
                chain.push_back(noting_around{name, sim.log});
        }
        return chain;
    }
    static lines seen(const std::string& method, const std::string& ran, const std::string& end) {
        lines all{"a > " + method, "b > " + method};
        if (!ran.empty()) all.push_back(ran);
        all.insert(all.end(), {"b < " + end, "a < " + end});
        return all;
    }

    guarded_world sim{chain};
};

INSTANTIATE_TEST_SUITE_P(chains, server_chain, ::testing::Values("pp", "pc", "cp", "cc"),
                         [](const auto& each) { return std::string{each.param}; });

TEST_P(server_chain, runs_around_handlers_of_every_kind) {
    sim.call(1, "add", "[1,2]");
    EXPECT_EQ(sim.received(), result(1, "3"));
    EXPECT_EQ(sim.taken(), seen("Guarded.add", "add", "3"));
    sim.call(2, "wait", "[5]");
    EXPECT_EQ(sim.received(), result(2, "5"));
    EXPECT_EQ(sim.taken(), seen("Guarded.wait", "wait", "5"));
    sim.call(3, "work", "[7]");
    EXPECT_EQ(sim.received(), result(3, "7"));
    EXPECT_EQ(sim.taken(), seen("Guarded.work", "work", "7"));
    sim.call(4, "fail", "[\"gone\"]");
    EXPECT_EQ(sim.received(), R"({"jsonrpc":"2.0","id":4,"error":{"code":-32005,"message":"gone","data":{"executed":"yes"}}})");
    EXPECT_EQ(sim.taken(), seen("Guarded.fail", "fail", "not_found"));
}

TEST_P(server_chain, sees_a_call_by_an_alias_under_its_name) {
    sim.call(1, "plus", "[1,2]");
    EXPECT_EQ(sim.received(), result(1, "3"));
    EXPECT_EQ(sim.taken(), seen("Guarded.add", "add", "3"));
}

TEST_P(server_chain, sees_calls_that_do_not_reach_a_handler) {
    sim.call(1, "add", "[1]");
    EXPECT_NE(sim.received().find("takes 2 arguments"), std::string::npos);
    EXPECT_EQ(sim.taken(), seen("Guarded.add", "", "invalid_argument"));
    sim.call(2, "ad", "[]");
    EXPECT_NE(sim.received().find("did you mean Guarded.add"), std::string::npos);
    EXPECT_EQ(sim.taken(), seen("Guarded.ad", "", "unimplemented"));
    sim.send(guarded_world::request(3, "rpc.discover", "[]"));
    EXPECT_NE(sim.received().find(R"("result":{"openrpc":)"), std::string::npos);
    EXPECT_EQ(sim.taken().front(), "a > rpc.discover");
    sim.send(guarded_world::request(4, "rpc.hello", "{}"));
    EXPECT_NE(sim.received().find("result"), std::string::npos);
    EXPECT_EQ(sim.taken().front(), "a > rpc.hello");
    sim.send(guarded_world::request(5, "rpc.nothing", "{}"));
    EXPECT_NE(sim.received().find("-32601"), std::string::npos);
    EXPECT_EQ(sim.taken().front(), "a > rpc.nothing");
}

TEST_P(server_chain, is_not_asked_about_health_and_side_messages) {
    sim.send(guarded_world::request(1, "rpc.health", "{}"));
    EXPECT_NE(sim.received().find("result"), std::string::npos);
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":3}})");
    sim.received();
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":3}})");
    EXPECT_TRUE(sim.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(sim.ask("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 200"));
    EXPECT_EQ(sim.taken(), lines{});
}

TEST_P(server_chain, lets_nothing_slip_by_in_a_batch_or_as_a_notification) {
    sim.send("[" + guarded_world::request(1, "Guarded.add", "[1,2]") + "," +
             guarded_world::request(2, "Guarded.wait", "[5]") +
             R"(,{"jsonrpc":"2.0","method":"Guarded.work","params":[1]},{"jsonrpc":"2.0","method":"Guarded.none"},7,)" +
             guarded_world::request(3, "rpc.discover", "[]") + "]");
    const std::string answer = sim.received(100ms);
    EXPECT_NE(answer.find(result(1, "3")), std::string::npos) << answer;
    EXPECT_NE(answer.find(result(2, "5")), std::string::npos) << answer;
    EXPECT_NE(answer.find("openrpc"), std::string::npos) << answer;
    EXPECT_TRUE(answer.starts_with("[") && answer.ends_with("]")) << answer;
    EXPECT_EQ(std::count(answer.begin(), answer.end(), '\n'), 0);
    lines begun;
    for (const std::string& line : sim.taken())
        if (line.starts_with("a > ")) begun.push_back(line.substr(4));
    EXPECT_EQ(begun, (lines{"Guarded.add", "Guarded.wait", "Guarded.work", "Guarded.none", "rpc.discover"}));
    sim.send(R"({"jsonrpc":"2.0","method":"Guarded.add","params":[1,2]})");
    EXPECT_EQ(sim.received(), "");
    EXPECT_EQ(sim.taken(), seen("Guarded.add", "add", "3"));
}

TEST_P(server_chain, sees_calls_of_every_protocol_and_dialect) {
    const std::string add = guarded_world::request(1, "Guarded.add", "[1,2]");
    const std::string length = std::to_string(add.size());
    EXPECT_EQ(sim.ask(add + "\n"), result(1, "3") + "\n");
    EXPECT_NE(sim.ask("Content-Length: " + length + "\r\n\r\n" + add).find(result(1, "3")), std::string::npos);
    EXPECT_TRUE(sim.ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
                        length + "\r\n\r\n" + add).ends_with("\r\n\r\n" + result(1, "3")));
    EXPECT_TRUE(sim.ask("POST /Guarded.add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n[1,2]")
                    .ends_with("\r\n\r\n3"));
    EXPECT_TRUE(sim.ask("{\"request_id\":\"r\",\"method\":\"add\",\"params\":[1,2]}\n")
                    .starts_with(R"({"request_id":"r","result":3,)"));
    lines all;
    for (int i = 0; i < 5; ++i)
        for (const std::string& line : seen("Guarded.add", "add", "3")) all.push_back(line);
    EXPECT_EQ(sim.taken(), all);
    for (const char* url : {"sim://server", "http://server:80/", "ws://server:80/"}) {
        const Guarded::proxy proxy{sim.connect(url)};
        EXPECT_EQ(sim.run(proxy.wait(5, use_awaitable)), 5) << url;
        EXPECT_EQ(sim.taken(), seen("Guarded.wait", "wait", "5")) << url;
    }
}

TEST_P(server_chain, leaves_what_is_no_call_to_the_server) {
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Guarded.add","params":[1,2}})");
    EXPECT_NE(sim.received().find("-32700"), std::string::npos);
    sim.send(R"({"jsonrpc":"2.0","id":1,"method":"Guarded.add","meta":{"timeout_ms":"soon"},"params":[1,2]})");
    EXPECT_NE(sim.received().find("-32600"), std::string::npos);
    EXPECT_EQ(sim.taken(), lines{});
}

TEST_P(server_chain, sees_a_call_that_came_too_late) {
    sim.call(1, "add", "[1,2]", R"({"timeout_ms":0})");
    EXPECT_NE(sim.received().find("-32004"), std::string::npos);
    EXPECT_EQ(sim.taken(), seen("Guarded.add", "", "deadline_exceeded"));
    EXPECT_EQ(sim.server->metrics().late, 1u);
}

TEST_P(server_chain, sees_a_call_in_a_dialect_whose_arguments_do_not_fit) {
    EXPECT_NE(sim.ask("{\"method\":\"add\",\"params\":[1,2,3],\"kwargs\":{\"b\":2}}\n")
                  .find("arguments without a name"), std::string::npos);
    EXPECT_EQ(sim.taken(), seen("Guarded.add", "", "invalid_argument"));
    EXPECT_EQ(sim.counted("Guarded.add").calls, 1u);
}

TEST_P(server_chain, counts_a_call_once_and_by_what_its_caller_is_told) {
    sim.call(1, "add", "[1,2]");
    sim.call(2, "wait", "[5]");
    sim.call(3, "fail", "[\"gone\"]");
    sim.send(guarded_world::request(4, "Guarded.none", "[]"));
    sim.received(20ms);
    const auto all = sim.server->metrics();
    for (const auto& each : all.methods) {
        const bool called = each.method == "Guarded.add" || each.method == "Guarded.wait" || each.method == "Guarded.fail";
        EXPECT_EQ(each.calls, called ? 1u : 0u) << each.method;
        EXPECT_EQ(each.failures, each.method == "Guarded.fail" ? 1u : 0u) << each.method;
        EXPECT_EQ(each.in_flight, 0u) << each.method;
        EXPECT_EQ(each.bytes_out > 0, called) << each.method;
    }
    EXPECT_EQ(all.unknown_methods.calls, 1u);
    EXPECT_EQ(all.protocol_errors, 0u);
}

TEST_P(server_chain, sees_each_attempt_of_an_exactly_once_call_and_the_reply_that_was_recorded) {
    sim.send(guarded_world::request(1, "rpc.hello", R"({"session":"new"})"));
    const std::string session = session_of(sim.received());
    const auto meta = [&](int seq) { return R"({"session":")" + session + R"(","seq":)" + std::to_string(seq) + R"(,"ack":1})"; };
    sim.taken();
    for (int attempt = 0; attempt < 2; ++attempt) {
        sim.call(2, "pay", "[10]", meta(1));
        EXPECT_EQ(sim.received(), result(2, "1"));
        EXPECT_EQ(sim.taken(), seen("Guarded.pay", attempt == 0 ? "pay" : "", "1")) << attempt;
    }
    // While the first runs, others wait for its reply, each behind its own interceptors.
    sim.call(3, "slow_pay", "[10,50]", meta(2));
    sim.call(4, "slow_pay", "[10,50]", meta(2));
    EXPECT_EQ(sim.received(), "");
    const std::string both = sim.received(100ms);
    EXPECT_NE(both.find(result(3, "10")), std::string::npos) << both;
    EXPECT_NE(both.find(result(4, "10")), std::string::npos) << both;
    EXPECT_EQ(sim.handler.runs, 2);
    EXPECT_EQ(sim.server->metrics().replayed, 2u);
}

TEST_P(server_chain, tells_the_caller_what_the_handler_leaves_in_its_trailers) {
    sim.call(1, "add", "[1,2]", R"({"trailers":true,"headers":{"say":"aye"}})");
    const std::string answer = sim.received();
    EXPECT_NE(answer.find(R"("headers":{"said":"aye"})"), std::string::npos) << answer;
    sim.call(2, "add", "[1,2]", R"({"headers":{"say":"aye"}})");
    EXPECT_EQ(sim.received(), result(2, "3"));
}

TEST_P(server_chain, lets_a_call_be_cancelled_and_hears_of_it) {
    sim.call(7, "wait", "[60000]");
    sim.received();
    sim.taken();
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_EQ(
        sim.received(),
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"the caller cancelled the call while the handler ran","data":{"executed":"yes"}}})");
    EXPECT_EQ(sim.taken(), (lines{"wait cancelled", "b < cancelled", "a < cancelled"}));
    EXPECT_EQ(sim.counted("Guarded.wait").in_flight, 0u);
}

TEST_P(server_chain, ends_a_call_at_its_deadline) {
    sim.call(7, "wait", "[60000]", R"({"timeout_ms":50})");
    EXPECT_NE(sim.received(60ms).find("-32004"), std::string::npos);
    EXPECT_EQ(sim.taken(), (lines{"a > Guarded.wait", "b > Guarded.wait", "wait", "wait cancelled", "b < deadline_exceeded",
                                  "a < deadline_exceeded"}));
}

TEST_P(server_chain, hears_of_a_call_whose_connection_was_lost) {
    sim.call(7, "wait", "[60000]");
    sim.call(8, "work", "[1]");
    sim.received();
    sim.taken();
    sim.peer->close();
    sim.run_for(10ms);
    EXPECT_EQ(sim.taken(), (lines{"wait cancelled", "b < cancelled", "a < cancelled"}));
    EXPECT_EQ(sim.disconnected, 1);
}

TEST_P(server_chain, is_waited_for_when_the_server_stops) {
    sim.call(7, "wait", "[500]");
    sim.run_for(10ms);
    sim.server->stop();
    sim.run_for(10ms);
    EXPECT_NE(sim.received(1s).find(result(7, "500")), std::string::npos);
    EXPECT_EQ(sim.taken().back(), "a < 500");
}

TEST_P(server_chain, ends_when_the_server_stops_at_once) {
    sim.call(7, "wait", "[60000]");
    sim.run_for(10ms);
    sim.server->stop(0ms);
    sim.run_for(100ms);
    EXPECT_EQ(sim.taken().back(), "a < unavailable");
}

TEST_P(server_chain, leaves_nothing_behind_when_its_process_crashes) {
    // A leak would be found by the sanitizer; what the call holds tells it without.
    const auto held = std::make_shared<int>();
    struct holder {
        std::shared_ptr<int> held;
        void before(intercepted_call& call) { call.local<std::shared_ptr<int>>() = held; }
    };
    world crashing;
    lines log;
    crashing.start("server", [&](farcall::testing::process& self) {
        auto options = self.server_options();
        options.interceptors.push_back(holder{held});
        for (const char* at = GetParam(); *at != '\0'; ++at) {
            if (*at == 'p')
                options.interceptors.push_back(noting{"a", log});
            else
                options.interceptors.push_back(noting_around{"b", log});
        }
        struct everything {
            std::optional<guarded> handler;
            std::optional<farcall::server> server;
        };
        auto made = std::make_unique<everything>();
        made->handler.emplace(guarded{crashing, log});
        made->server.emplace(std::move(options));
        made->server->add<Guarded>(std::ref(*made->handler));
        made->server->listen("sim://server");
        made->server->start();
        return made;
    });
    auto peer = raw_stream::connect(crashing);
    for (int id = 1; id < 4; ++id) peer->write(frame(guarded_world::request(id, "Guarded.wait", "[60000]")));
    crashing.run_for(10ms);
    EXPECT_EQ(held.use_count(), 5) << "this one, the interceptor's and those of three calls";
    crashing.crash("server");
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace sim_test
