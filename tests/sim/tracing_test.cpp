#include "support.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <farcall/interceptor/tracing.hpp>

namespace {

using namespace sim_test;
using farcall::call_side;
using farcall::span;

RPC_SERVICE(Front, (order, int(int n)), (once, int(int n), farcall::exactly_once))
RPC_SERVICE(Back, (add, int(int n), farcall::readonly), (flaky, int(int n), farcall::idempotent))

struct kept_spans {
    std::vector<span> all;
    void ended(span one) { all.push_back(std::move(one)); }
};

struct back {
    int failures_left = 0;
    int add(int n) { return n + 1; }
    int flaky(int n) {
        if (failures_left-- > 0) throw farcall::error{status::unavailable, "not now"};
        return n;
    }
};

struct front {
    Back::proxy next;
    explicit front(farcall::client to) : next(std::move(to)) {}
    awaitable<int> order(farcall::context& call, int n) {
        const int once = co_await farcall::with(next, call).add(n, use_awaitable);
        co_return co_await farcall::with(next, call).add(once, use_awaitable);
    }
    awaitable<int> once(farcall::context& call, int n) { return order(call, n); }
};

/// Two services and a client, all of them traced to one place.
struct traces : ::testing::Test {
    world sim;
    std::shared_ptr<kept_spans> spans = std::make_shared<kept_spans>();
    farcall::tracing trace{spans, {.random = std::make_shared<farcall::seeded_random>(1)}};
    std::shared_ptr<back> last = std::make_shared<back>();
    std::unique_ptr<farcall::server> back_server = serve<Back>("back", last);
    std::unique_ptr<farcall::server> front_server = serve<Front>("server", std::make_shared<front>(client_from("server", "sim://back")));

    farcall::client client_from(std::string host, std::string_view url) {
        auto options = sim.client_options(std::move(host));
        options.interceptors = {trace};
        return {sim.executor(), url, options};
    }
    template <class Service, class Handler>
    std::unique_ptr<farcall::server> serve(std::string host, Handler handler) {
        auto options = sim.server_options(host);
        options.interceptors = {trace};
        auto made = std::make_unique<farcall::server>(options);
        made->template add<Service>(std::move(handler));
        made->listen("sim://" + host);
        made->start();
        return made;
    }

    std::vector<span> named(std::string_view name, call_side side) const {
        std::vector<span> found;
        std::copy_if(spans->all.begin(), spans->all.end(), std::back_inserter(found),
                     [&](const span& each) { return each.name == name && each.side == side; });
        return found;
    }

    /// The answer to a request of HTTP's.
    std::string post(std::string_view headers, std::string_view body) {
        auto raw = raw_stream::connect(sim);
        raw->write("POST / HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\nContent-Length: " +
                   std::to_string(body.size()) + "\r\n" + std::string{headers} + "\r\n" + std::string{body});
        return raw->read().value_or("");
    }
};

TEST_F(traces, are_one_from_the_caller_to_the_last_service) {
    const Front::proxy proxy{client_from("client", "sim://server")};
    EXPECT_EQ(sim.run(proxy.order(1, use_awaitable)), 3);
    ASSERT_EQ(spans->all.size(), 6u);
    const span root = named("Front.order", call_side::client).at(0);
    const span served = named("Front.order", call_side::server).at(0);
    EXPECT_EQ(root.parent, 0u);
    EXPECT_EQ(served.parent, root.context.span);
    EXPECT_TRUE(served.remote_parent);
    const auto calls = named("Back.add", call_side::client), answers = named("Back.add", call_side::server);
    ASSERT_EQ(calls.size(), 2u);
    for (std::size_t i = 0; i != 2; ++i) {
        EXPECT_EQ(calls[i].parent, served.context.span);
        EXPECT_FALSE(calls[i].remote_parent);
        EXPECT_EQ(answers[i].parent, calls[i].context.span);
    }
    for (const span& each : spans->all) EXPECT_EQ(each.context.trace_id(), root.context.trace_id());
    EXPECT_GE(root.time, served.time);
    EXPECT_LE(root.begin, served.begin);
}

TEST_F(traces, hold_for_calls_that_run_exactly_once) {
    const Front::proxy proxy{client_from("client", "sim://server")};
    EXPECT_EQ(sim.run(proxy.once(1, use_awaitable)), 3);
    EXPECT_EQ(spans->all.size(), 6u);
    for (const span& each : spans->all) EXPECT_EQ(each.context.trace_id(), spans->all[0].context.trace_id());
}

TEST_F(traces, show_attempts_as_children_of_their_call) {
    last->failures_left = 2;
    auto options = sim.client_options("client");
    options.interceptors = options.attempt_interceptors = {trace};
    options.retry_budget.unlimited = true;
    const Back::basic_proxy<farcall::exponential_backoff> proxy{sim.executor(), "sim://back",
                                                                farcall::exponential_backoff{.max_attempts = 3}, options};
    EXPECT_EQ(sim.run(proxy.flaky(7, use_awaitable)), 7);
    const auto calls = named("Back.flaky", call_side::client);
    ASSERT_EQ(calls.size(), 4u);
    const auto root = std::find_if(calls.begin(), calls.end(), [](const span& each) { return each.parent == 0; });
    ASSERT_NE(root, calls.end());
    EXPECT_EQ(root->status, status::ok);
    std::map<status, int> ends;
    for (const span& each : calls)
        if (each.parent == root->context.span) ++ends[each.status];
    EXPECT_EQ(ends, (std::map<status, int>{{status::ok, 1}, {status::unavailable, 2}}));
    EXPECT_EQ(named("Back.flaky", call_side::server).size(), 3u);
}

TEST_F(traces, go_on_from_the_headers_of_http) {
    const std::string traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const std::string answer = post("traceparent: " + traceparent + "\r\ntracestate: rojo=1\r\n",
                                    R"({"jsonrpc":"2.0","id":1,"method":"Front.order","params":[1]})");
    EXPECT_NE(answer.find("\"result\":3"), std::string::npos) << answer;
    const span served = named("Front.order", call_side::server).at(0);
    EXPECT_EQ(served.parent, 0xb7ad6b7169203331u);
    ASSERT_EQ(spans->all.size(), 5u);
    for (const span& each : spans->all) {
        EXPECT_EQ(each.context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
        EXPECT_EQ(each.tracestate, "rojo=1");
    }
}

TEST_F(traces, begin_anew_where_the_header_is_none) {
    for (const std::string bad : {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "x", "00-0-0-01"}) {
        spans->all.clear();
        post("traceparent: " + bad + "\r\n", R"({"jsonrpc":"2.0","id":1,"method":"Front.order","params":[1]})");
        ASSERT_EQ(spans->all.size(), 5u) << bad;
        EXPECT_EQ(named("Front.order", call_side::server).at(0).parent, 0u);
    }
}

TEST_F(traces, have_a_span_for_each_call_of_a_batch) {
    post("", R"([{"jsonrpc":"2.0","id":1,"method":"Front.order","params":[1]},)"
             R"({"jsonrpc":"2.0","method":"Front.order","params":[2]},{"jsonrpc":"2.0","id":"a","method":"No.such"}])");
    sim.run_for(1s);
    EXPECT_EQ(named("Front.order", call_side::server).size(), 2u);
    const auto unknown = named("_OTHER", call_side::server);
    ASSERT_EQ(unknown.size(), 1u);
    EXPECT_EQ(unknown[0].status, status::unimplemented);
}

TEST_F(traces, travel_on_without_spans_where_they_are_not_sampled) {
    post("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\n",
         R"({"jsonrpc":"2.0","id":1,"method":"Front.order","params":[1]})");
    EXPECT_TRUE(spans->all.empty()) << "of no service";
}

TEST_F(traces, lack_no_span_of_a_call_that_is_cancelled) {
    sim.network().defaults() = {.delay = {10ms, 10ms}};
    const Front::proxy proxy{client_from("client", "sim://server")};
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{25ms}).order(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    sim.run_for(1s);
    const auto served = named("Front.order", call_side::server);
    ASSERT_EQ(served.size(), 1u);
    EXPECT_NE(served[0].status, status::ok);
    EXPECT_EQ(named("Front.order", call_side::client).at(0).status, status::deadline_exceeded);
}

}  // namespace
