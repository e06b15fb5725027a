#include <farcall/interceptor/tracing.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/interceptor/interceptor.hpp>
#include <farcall/testing/virtual_clock.hpp>

namespace {

using namespace std::chrono_literals;
using farcall::call_outcome;
using farcall::call_side;
using farcall::error;
using farcall::intercepted_call;
using farcall::parse_traceparent;
using farcall::span;
using farcall::status;
using farcall::tracing;
using farcall::tracing_options;

static_assert(farcall::intercepting<tracing>);

struct kept_spans {
    std::vector<span> begun;
    std::vector<span> all;
    void began(const span& one) { begun.push_back(one); }
    void ended(span one) { all.push_back(std::move(one)); }
};

struct traced : testing::Test {
    std::shared_ptr<farcall::testing::virtual_clock> clock = std::make_shared<farcall::testing::virtual_clock>();
    std::shared_ptr<kept_spans> spans = std::make_shared<kept_spans>();
    tracing interceptor = made({});

    tracing made(tracing_options options) {
        options.random = std::make_shared<farcall::seeded_random>(7);
        return tracing{spans, options};
    }

    intercepted_call client_call(std::string method = "Calculator.add", std::string url = "tcp://h:5000") {
        intercepted_call call{call_side::client, std::move(method), nullptr, *clock};
        call.server = std::move(url);
        return call;
    }
    intercepted_call server_call(std::string address = "127.0.0.1:40312") {
        intercepted_call call{call_side::server, "Calculator.add", &info, *clock};
        call.peer = std::make_shared<farcall::peer>();
        call.peer->address = std::move(address);
        call.id = "7";
        return call;
    }

    static constexpr farcall::method_info info{.service = "Calculator", .name = "add", .wire_name = "Calculator.add"};

    span traced_call(intercepted_call& call, call_outcome end = {}) {
        interceptor.before(call);
        clock->step(clock->now() + 5ms);
        interceptor.after(call, end);
        return spans->all.back();
    }
};

std::string text(const span& one, std::string_view name) {
    for (const auto& each : one.attributes) {
        if (each.name != name) continue;
        if (const auto* number = std::get_if<std::int64_t>(&each.value)) return std::to_string(*number);
        if (const auto* yes = std::get_if<bool>(&each.value)) return *yes ? "true" : "false";
        return std::get<std::string>(each.value);
    }
    return "(none)";
}

TEST_F(traced, begins_a_trace_where_the_call_is_in_none) {
    intercepted_call call = client_call();
    const span one = traced_call(call);
    EXPECT_TRUE(one.context.valid());
    EXPECT_TRUE(one.context.sampled);
    EXPECT_EQ(one.parent, 0u);
    EXPECT_FALSE(one.remote_parent);
    EXPECT_EQ(parse_traceparent(call.trace.traceparent), one.context);
    EXPECT_EQ(one.begin, clock->wall() - 5ms);
    EXPECT_EQ(one.time, 5ms);
    ASSERT_EQ(spans->begun.size(), 1u);
    EXPECT_EQ(spans->begun[0].context, one.context);
}

TEST_F(traced, goes_on_with_the_trace_that_the_call_is_in) {
    intercepted_call call = server_call();
    call.trace = {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "rojo=1"};
    const span one = traced_call(call);
    EXPECT_EQ(one.context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(one.parent, 0xb7ad6b7169203331u);
    EXPECT_NE(one.context.span, one.parent);
    EXPECT_TRUE(one.remote_parent);
    EXPECT_EQ(one.tracestate, "rojo=1");
    EXPECT_EQ(call.trace.tracestate, "rojo=1");
    EXPECT_EQ(parse_traceparent(call.trace.traceparent), one.context);
}

TEST_F(traced, makes_one_trace_of_a_call_its_attempts_and_both_sides) {
    intercepted_call call = client_call();
    interceptor.before(call);
    intercepted_call attempt = client_call();
    attempt.trace = call.trace;
    interceptor.before(attempt);
    intercepted_call served = server_call();
    served.trace = attempt.trace;
    interceptor.before(served);
    call_outcome end;
    interceptor.after(served, end);
    interceptor.after(attempt, end);
    interceptor.after(call, end);
    ASSERT_EQ(spans->all.size(), 3u);
    const auto& all = spans->all;
    EXPECT_EQ(all[0].parent, all[1].context.span);
    EXPECT_EQ(all[1].parent, all[2].context.span);
    EXPECT_EQ(all[2].parent, 0u);
    EXPECT_EQ(all[0].context.trace_id(), all[2].context.trace_id());
    EXPECT_FALSE(all[1].remote_parent) << "the call is in the same process as its attempt";
}

TEST_F(traced, takes_hostile_headers_for_none) {
    intercepted_call call = server_call();
    call.trace = {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX: y", "rojo=1"};
    const span one = traced_call(call);
    EXPECT_NE(one.context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(one.parent, 0u);
    EXPECT_EQ(call.trace.tracestate, "");
    EXPECT_EQ(parse_traceparent(call.trace.traceparent), one.context);

    intercepted_call state = server_call();
    state.trace = {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "ROJO=\n"};
    EXPECT_EQ(traced_call(state).context.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(state.trace.tracestate, "") << "the trace goes on without it";
}

TEST_F(traced, exports_nothing_of_a_trace_that_is_not_sampled_but_passes_it_on) {
    intercepted_call call = server_call();
    call.trace.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    interceptor.before(call);
    call_outcome end;
    interceptor.after(call, end);
    EXPECT_TRUE(spans->all.empty());
    EXPECT_TRUE(spans->begun.empty());
    const auto on = parse_traceparent(call.trace.traceparent);
    ASSERT_TRUE(on);
    EXPECT_EQ(on->trace_id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_NE(on->span, 0xb7ad6b7169203331u);
    EXPECT_FALSE(on->sampled);
}

TEST_F(traced, samples_the_share_of_new_traces_that_it_is_told) {
    const auto sampled = [&](double share) {
        tracing part = made({.share = share});
        int count = 0;
        for (int i = 0; i != 1000; ++i) {
            intercepted_call call = client_call();
            part.before(call);
            count += parse_traceparent(call.trace.traceparent).value().sampled;
        }
        return count;
    };
    EXPECT_EQ(sampled(0), 0);
    EXPECT_EQ(sampled(1), 1000);
    EXPECT_NEAR(sampled(0.25), 250, 50);
}

TEST_F(traced, leaves_the_calls_of_the_library_alone_unless_told) {
    intercepted_call call = client_call("rpc.metrics");
    interceptor.before(call);
    call_outcome end;
    interceptor.after(call, end);
    EXPECT_TRUE(spans->all.empty());
    EXPECT_TRUE(call.trace.empty());
    interceptor = made({.reserved = true});
    intercepted_call again = client_call("rpc.metrics");
    EXPECT_EQ(traced_call(again).name, "rpc.metrics");
}

TEST_F(traced, names_things_as_opentelemetry_does) {
    intercepted_call call = client_call();
    call.attempt = 2;
    call_outcome good;
    good.server_time = 250us;
    const span one = traced_call(call, good);
    EXPECT_EQ(one.name, "Calculator.add");
    EXPECT_EQ(one.side, call_side::client);
    EXPECT_EQ(one.status, status::ok);
    EXPECT_EQ(text(one, "rpc.system.name"), "jsonrpc");
    EXPECT_EQ(text(one, "rpc.method"), "Calculator.add");
    EXPECT_EQ(text(one, "jsonrpc.protocol.version"), "2.0");
    EXPECT_EQ(text(one, "server.address"), "h");
    EXPECT_EQ(text(one, "server.port"), "5000");
    EXPECT_EQ(text(one, "network.transport"), "tcp");
    EXPECT_EQ(text(one, "network.protocol.name"), "(none)");
    EXPECT_EQ(text(one, "farcall.attempt"), "2");
    EXPECT_EQ(text(one, "farcall.server_us"), "250");
    EXPECT_EQ(text(one, "error.type"), "(none)");
    intercepted_call lied_to = client_call();
    good.server_time = 5'001us;
    EXPECT_EQ(text(traced_call(lied_to, good), "farcall.server_us"), "(none)") << "longer than the call";

    intercepted_call served = server_call("[::1]:40312");
    served.id = "\"a7\"";
    const span other = traced_call(served);
    EXPECT_EQ(other.side, call_side::server);
    EXPECT_EQ(text(other, "jsonrpc.request.id"), "a7");
    EXPECT_EQ(text(other, "network.peer.address"), "::1");
    EXPECT_EQ(text(other, "network.peer.port"), "40312");
}

TEST_F(traced, names_where_a_call_goes_for_every_kind_of_url) {
    const auto facts = [&](std::string url, std::string_view name) {
        intercepted_call call = client_call("a.b", std::move(url));
        return text(traced_call(call), name);
    };
    EXPECT_EQ(facts("http://h/rpc", "network.protocol.name"), "http");
    EXPECT_EQ(facts("http://h/rpc", "server.port"), "80");
    EXPECT_EQ(facts("ws://h:8080", "network.protocol.name"), "websocket");
    EXPECT_EQ(facts("unix:///run/s.sock", "network.transport"), "unix");
    EXPECT_EQ(facts("unix:///run/s.sock", "server.address"), "/run/s.sock");
    EXPECT_EQ(facts("no url", "server.address"), "(none)");
    intercepted_call local = server_call("unix:0");
    EXPECT_EQ(text(traced_call(local), "network.transport"), "unix");
}

TEST_F(traced, names_each_of_many_servers_however_often_they_take_turns) {
    for (int turn = 0; turn != 3; ++turn) {
        for (int number = 0; number != 20; ++number) {
            const std::string host = "h" + std::to_string(number);
            intercepted_call call = client_call("Calculator.add", "tcp://" + host + ":" + std::to_string(5000 + number));
            const span one = traced_call(call);
            EXPECT_EQ(text(one, "server.address"), host);
            EXPECT_EQ(text(one, "server.port"), std::to_string(5000 + number));
        }
    }
}

TEST_F(traced, says_how_a_call_failed) {
    intercepted_call call = client_call();
    const span one = traced_call(call, call_outcome::failed(error{status::unavailable, "nobody\nthere"}));
    EXPECT_EQ(one.status, status::unavailable);
    EXPECT_EQ(one.message, "nobody\nthere");
    EXPECT_EQ(text(one, "error.type"), "unavailable");
    EXPECT_EQ(text(one, "rpc.response.status_code"), "(none)") << "nothing was answered";
    EXPECT_EQ(text(one, "farcall.executed"), "unknown");

    intercepted_call served = server_call();
    const span other = traced_call(served, call_outcome::failed(error{status::not_found, std::string(1000, 'x')}));
    EXPECT_EQ(text(other, "rpc.response.status_code"), "-32005");
    EXPECT_EQ(other.message.size(), 256u);
    intercepted_call own = server_call();
    EXPECT_EQ(text(traced_call(own, call_outcome::failed(error::application(42, "m"))), "rpc.response.status_code"), "42");
}

TEST_F(traced, gives_methods_that_a_server_does_not_have_one_name) {
    intercepted_call call{call_side::server, std::string(10'000, 'x'), nullptr, *clock};
    const span one = traced_call(call);
    EXPECT_EQ(one.name, "_OTHER");
    EXPECT_EQ(text(one, "rpc.method"), "_OTHER");
    EXPECT_EQ(text(one, "rpc.method_original").size(), 256u);
    EXPECT_EQ(text(one, "jsonrpc.request.id"), "(none)");
}

TEST_F(traced, names_no_call_of_the_library_that_no_server_has) {
    interceptor = made({.reserved = true});
    intercepted_call call{call_side::server, "rpc.a7", nullptr, *clock};
    const span one = traced_call(call);
    EXPECT_EQ(one.name, "_OTHER");
    EXPECT_EQ(text(one, "rpc.method_original"), "rpc.a7");
    intercepted_call real{call_side::server, "rpc.metrics", nullptr, *clock};
    EXPECT_EQ(traced_call(real).name, "rpc.metrics");
}

TEST_F(traced, keeps_its_span_though_there_is_another_in_the_chain) {
    const auto other_spans = std::make_shared<kept_spans>();
    tracing outer{other_spans, {.random = std::make_shared<farcall::seeded_random>(8)}};
    intercepted_call call = server_call();
    call.trace.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    outer.before(call);
    clock->step(clock->now() + 1ms);
    interceptor.before(call);
    clock->step(clock->now() + 1ms);
    EXPECT_TRUE(other_spans->all.empty()) << "it is not over";
    call_outcome end;
    interceptor.after(call, end);
    clock->step(clock->now() + 1ms);
    outer.after(call, end);
    ASSERT_EQ(spans->all.size(), 1u);
    ASSERT_EQ(other_spans->all.size(), 1u);
    EXPECT_EQ(spans->all[0].status, status::ok);
    EXPECT_EQ(spans->all[0].time, 1ms);
    EXPECT_EQ(other_spans->all[0].status, status::ok);
    EXPECT_EQ(other_spans->all[0].time, 3ms);
    EXPECT_EQ(spans->all[0].parent, other_spans->all[0].context.span);
    EXPECT_FALSE(spans->all[0].remote_parent);
    EXPECT_TRUE(other_spans->all[0].remote_parent);
}

TEST_F(traced, ends_the_span_of_a_call_that_is_dropped) {
    {
        intercepted_call call = client_call();
        interceptor.before(call);
    }
    ASSERT_EQ(spans->all.size(), 1u);
    EXPECT_EQ(spans->all[0].status, status::cancelled);
}

TEST_F(traced, draws_the_same_ids_from_the_same_seed_and_others_from_the_system) {
    const auto first = [&](tracing with) {
        intercepted_call call = client_call();
        with.before(call);
        return call.trace.traceparent;
    };
    EXPECT_EQ(first(made({})), first(made({})));
    EXPECT_NE(first(tracing{spans}), first(tracing{spans}));
}

}  // namespace
