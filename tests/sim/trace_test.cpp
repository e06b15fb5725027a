#include "support.hpp"

/// Where a call stands in a trace, and the name of its request: from the caller to the last handler behind the first one.
namespace sim_test {

using farcall::trace_context;

RPC_SERVICE(Tracee,
    (ask, std::string(int depth)),
    (ask_later, std::string(int depth)),
    (tell, void(int depth)))

const trace_context given{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=a"};

/// Says what it knows of its call, or asks the next one.
struct tracee {
    std::optional<Tracee::proxy> behind{};
    std::vector<std::string> told{};

    static std::string seen(const farcall::context& call) {
        return std::string{call.request_id()} + ' ' + call.trace().traceparent + ' ' + call.trace().tracestate;
    }

    awaitable<std::string> ask(farcall::context& call, int depth) {
        if (depth == 0) co_return seen(call);
        co_return co_await farcall::with(*behind, call).ask(depth - 1, use_awaitable);
    }
    std::string ask_later(farcall::context& call, int) { return seen(call); }
    void tell(farcall::context& call, int) { told.push_back(seen(call)); }
};

/// `sim://server` speaks native frames, the others what their URLs say.
class every_protocol : public ::testing::TestWithParam<const char*> {
protected:
    farcall::client connect() { return sim.connect(GetParam()); }

    world sim;
};

INSTANTIATE_TEST_SUITE_P(calls, every_protocol, ::testing::Values("sim://server", "http://server:80/", "ws://server:80/"),
                         [](const auto& each) { return std::string{each.param}.substr(0, std::string{each.param}.find(':')); });

TEST_P(every_protocol, carries_a_trace_and_a_request_to_the_handler_and_to_what_it_calls) {
    tracee last, first;
    auto second = sim.serve<Tracee>(std::ref(last), "sim://second");
    first.behind.emplace(sim.connect("http://second:80/", "server"));
    auto server = sim.serve<Tracee>(std::ref(first));
    const std::string whole = "a7 " + given.traceparent + " vendor=a";

    const auto proxy = farcall::with(Tracee::proxy{connect()}, given, farcall::request_id{"a7"});
    EXPECT_EQ(sim.run(proxy.ask(0, use_awaitable)), whole);
    EXPECT_EQ(sim.run(proxy.ask(1, use_awaitable)), whole) << "behind a second server";
    EXPECT_EQ(sim.run(proxy.ask_later(0, use_awaitable)), whole) << "a plain handler";
    proxy.tell(0, farcall::notify);
    ASSERT_TRUE(sim.run_until([&] { return !first.told.empty(); }));
    EXPECT_EQ(first.told[0], whole);
}

TEST_P(every_protocol, says_nothing_of_a_trace_where_there_is_none) {
    tracee handler;
    auto server = sim.serve<Tracee>(std::ref(handler));
    const Tracee::proxy proxy{connect()};
    EXPECT_EQ(sim.run(proxy.ask(0, use_awaitable)), "  ");
    // Such a text would end the header of HTTP, or the reading of the message.
    for (const trace_context& hostile : {trace_context{"00-x\r\nHost: other", ""}, trace_context{std::string(129, 'x'), ""},
                                         trace_context{given.traceparent, std::string(513, 'x')},
                                         trace_context{"", "vendor=a"}}) {
        EXPECT_FALSE(hostile.sendable());
        EXPECT_EQ(sim.run(farcall::with(proxy, hostile).ask(0, use_awaitable)), "  ");
    }
    EXPECT_EQ(sim.run(farcall::with(proxy, farcall::request_id{"a\r\nb"}).ask(0, use_awaitable)), "  ");
}

TEST(request_name, of_the_callers_headers_comes_before_the_one_that_is_handed_on) {
    world sim;
    tracee handler;
    auto server = sim.serve<Tracee>(std::ref(handler));
    const auto proxy = farcall::with(Tracee::proxy{sim.connect()}, farcall::request_id{"handed on"},
                                     farcall::metadata{{"X-Request-Id", "own"}});
    EXPECT_EQ(sim.run(proxy.ask(0, use_awaitable)), "own  ");
}

TEST(request_name, stands_in_the_envelope_of_that_dialect) {
    world sim;
    tracee handler;
    auto server = sim.serve<Tracee>(std::ref(handler));
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    peer->write(frame(R"({"request_id":"a7","method":"ask_later","params":[0],"service":"Tracee"})"));
    const auto answer = peer->read();
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->find(R"("result":"a7  ")"), std::string::npos) << *answer;
}

}  // namespace sim_test
