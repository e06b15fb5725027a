#include "scripted_server.hpp"
#include "witness.hpp"

namespace sim_test {

using lines = std::vector<std::string>;

/// A client that is watched.
class observers_on_client : public ::testing::Test {
protected:
    template <class Policy = farcall::no_retry>
    Ledger::basic_proxy<Policy> proxy(Policy policy = {}, std::string_view url = "sim://server") {
        return {sim.executor(), url, policy, options};
    }

    world sim;
    farcall::client_options options = sim.client_options();
    std::shared_ptr<witness> told = add_witness(options.observers);
};

TEST_F(observers_on_client, see_a_connection_come_and_go_in_order) {
    auto server = sim.serve<Ledger>(ledger{sim});
    {
        const farcall::client client{sim.executor(), "sim://server", options};
        EXPECT_EQ(sim.run(client.async_call<int>(use_awaitable, "Ledger.add", 1, 2)), 3);
        EXPECT_EQ(told->seen, (lines{"up client 1 native"}));
        client.close();
        sim.run_for(0s);
        EXPECT_EQ(told->seen, (lines{"up client 1 native", "down client 1 native"}));
        EXPECT_EQ(sim.run(client.async_call<int>(use_awaitable, "Ledger.add", 1, 2)), 3);
    }
    sim.run_for(0s);
    EXPECT_EQ(told->seen, (lines{"up client 1 native", "down client 1 native", "up client 2 native", "down client 2 native"}));
}

TEST_F(observers_on_client, learn_why_a_connection_was_lost) {
    scripted_server server{sim};
    auto calls = proxy();
    server.on_message = [](auto& link, const std::string&) { link.stream->close(); };
    EXPECT_FALSE(sim.run(calls.post(1, as_result(use_awaitable))));
    EXPECT_EQ(told->seen.back(), "down client 1 native: the connection to sim://server was lost: the server closed it");
    server.on_message = [](auto& link, const std::string&) { link.say("no JSON"); };
    EXPECT_FALSE(sim.run(calls.post(1, as_result(use_awaitable))));
    EXPECT_TRUE(told->saw("down client 2 native: the server sent what is no JSON-RPC 2.0")) << told->seen.back();
}

TEST_F(observers_on_client, see_attempts_to_connect_fail_and_calls_be_repeated) {
    auto calls = proxy(farcall::exponential_backoff{.max_attempts = 2});
    EXPECT_FALSE(sim.run(calls.add(1, 2, as_result(use_awaitable))));
    ASSERT_EQ(told->seen.size(), 3u);
    EXPECT_EQ(told->seen[0], "connect failed sim://server, pause 0");
    EXPECT_EQ(told->seen[1], "retry of Ledger.add after attempt 1 (unavailable), pause 100");
    EXPECT_TRUE(told->seen[2].starts_with("connect failed sim://server, pause ")) << told->seen[2];
    EXPECT_NE(told->seen[2], "connect failed sim://server, pause 0") << "the third in a row has to wait";
}

TEST_F(observers_on_client, see_no_retry_that_is_not_made_and_the_limit_that_forbids_it) {
    options.limits.attempts = 2;
    auto calls = proxy(farcall::exponential_backoff{.max_attempts = 9});
    EXPECT_FALSE(sim.run(calls.add(1, 2, as_result(use_awaitable))));
    EXPECT_TRUE(told->saw("limit client 0: attempts"));
    EXPECT_FALSE(told->saw("after attempt 2"));
    told->seen.clear();
    options.limits.attempts = 5;
    options.retry_budget = {.share = 0, .per_second = 0.1};
    auto poor = proxy(farcall::exponential_backoff{.max_attempts = 9});
    EXPECT_FALSE(sim.run(poor.add(1, 2, as_result(use_awaitable))));
    EXPECT_TRUE(told->saw("limit client 0: retry_budget"));
}

TEST_F(observers_on_client, tell_hedges_from_repeats) {
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    auto calls = proxy(farcall::hedged{.max_attempts = 2, .delay = 50ms});
    EXPECT_EQ(sim.run(calls.slow(80, use_awaitable)), "after 80 ms");
    EXPECT_EQ(told->seen, (lines{"up client 1 native", "hedge of Ledger.slow, attempt 2"}));
    told->seen.clear();
    server->stop(0ms);
    sim.run_for(0s);
    EXPECT_FALSE(sim.run(calls.slow(80, as_result(use_awaitable))));
    EXPECT_TRUE(told->saw("retry of Ledger.slow after attempt 1 (unavailable), pause 0"));
    EXPECT_FALSE(told->saw("hedge"));
}

TEST_F(observers_on_client, see_what_nobody_gets) {
    scripted_server server{sim};
    server.on_message = [](auto&, const std::string&) {};
    auto calls = proxy();
    EXPECT_FALSE(sim.run(farcall::with(calls, farcall::timeout{10ms}).post(1, as_result(use_awaitable))));
    auto& link = *server.links.at(0);
    link.answer(1, "5");
    link.tell("news", "[]");
    link.say(R"({"jsonrpc":"2.0","id":1,"method":"ask"})");
    link.say(R"({"jsonrpc":"2.0","id":"x","result":1})");
    link.tell("rpc.pong", R"({"n":1})");
    sim.run_for(0s);
    EXPECT_EQ(told->seen, (lines{"up client 1 native", "drop client 1 native: late answer 1",
                                 "drop client 1 native: notification news", "drop client 1 native: call of the server's ask",
                                 "drop client 1 native: answer \"x\""}));
}

TEST_F(observers_on_client, see_a_goaway_and_the_end_in_order_behind_it) {
    scripted_server server{sim};
    server.on_message = [](auto& link, const std::string&) { link.answer(1, "5"); };
    auto calls = proxy();
    EXPECT_EQ(sim.run(calls.post(1, use_awaitable)), 5);
    server.links[0]->tell("rpc.goaway", R"({"last_id":1})");
    sim.run_for(0s);
    EXPECT_EQ(told->seen, (lines{"up client 1 native", "goaway client 1 native", "down client 1 native"}));
}

TEST_F(observers_on_client, see_the_limits_that_protect_the_client) {
    scripted_server server{sim};
    server.on_message = [](auto& link, const std::string&) { link.say(std::string(2000, ' ')); };
    options.limits.frame = 1000;
    auto calls = proxy();
    EXPECT_FALSE(sim.run(calls.post(1, as_result(use_awaitable))));
    EXPECT_TRUE(told->saw("limit client 1 native: frame"));

    options.limits.write_buffer_hard = 100;
    auto silent = proxy();
    server.on_message = nullptr;
    for (int i = 0; i < 20; ++i) sim.spawn([&]() -> awaitable<void> { (void)co_await silent.post(1, as_result(use_awaitable)); });
    sim.run_for(0s);
    EXPECT_TRUE(told->saw("limit client 0 native: write_buffer_hard"));
}

TEST_F(observers_on_client, name_the_protocol) {
    auto server = sim.serve<Ledger>(ledger{sim});
    for (const char* url : {"ws://server", "http://server"}) {
        auto calls = proxy(farcall::no_retry{}, url);
        EXPECT_EQ(sim.run(calls.add(1, 2, use_awaitable)), 3);
    }
    sim.run_for(0s);
    EXPECT_TRUE(told->saw("up client 1 websocket"));
    EXPECT_TRUE(told->saw("up client 1 http"));
}

/// What is told of the ends of calls.
class observers_of_calls : public observers_on_client {
protected:
    observers_of_calls() {
        told->on_call = [this](const farcall::call_event& event) {
            std::string text = std::string{event.method} + ' ' + std::string{event.id.empty() ? "-" : event.id} + ' ' +
                               std::string{to_string(event.status)} + " attempts " + std::to_string(event.attempts) + " ms " +
                               std::to_string(event.time / 1ms);
            EXPECT_EQ(event.failure != nullptr, event.status != status::ok);
            EXPECT_EQ(event.connection.side, farcall::call_side::client);
            EXPECT_EQ(event.connection.peer, "sim://server");
            calls.push_back(text);
            last = event;
            last_request_id = event.request_id;
            last_traceparent = event.traceparent;
        };
    }

    lines calls;
    farcall::call_event last;
    std::string last_request_id, last_traceparent;
};

TEST_F(observers_of_calls, see_each_with_its_time_and_bytes) {
    auto server = sim.serve<Ledger>(ledger{sim});
    auto calls_of = proxy();
    EXPECT_EQ(sim.run(calls_of.slow(80, use_awaitable)), "after 80 ms");
    EXPECT_EQ(calls, (lines{"Ledger.slow 1 ok attempts 1 ms 80"}));
    EXPECT_EQ(last.bytes_out,
              std::string_view{R"({"jsonrpc":"2.0","id":1,"method":"Ledger.slow","meta":{"timeout_ms":10000},"params":[80]})"}.size());
    EXPECT_EQ(last.bytes_in, std::string_view{R"({"jsonrpc":"2.0","id":1,"result":"after 80 ms"})"}.size());
    EXPECT_EQ(last.connection.id, 1u);
    EXPECT_EQ(last.connection.protocol, "native");
    ASSERT_NE(last.info, nullptr);
    EXPECT_EQ(last.info->wire_name, "Ledger.slow");
}

TEST_F(observers_of_calls, see_one_call_whatever_its_attempts) {
    auto calls_of = proxy(farcall::exponential_backoff{.max_attempts = 3});
    EXPECT_FALSE(sim.run(calls_of.add(1, 2, as_result(use_awaitable))));
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_TRUE(calls[0].starts_with("Ledger.add - unavailable attempts 3 ms ")) << calls[0];
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    EXPECT_EQ(sim.run(calls_of.pay(1, use_awaitable)), 1);
    EXPECT_EQ(calls.size(), 2u) << "the hello is no call of the application";
    auto hedges = proxy(farcall::hedged{.max_attempts = 2, .delay = 50ms});
    EXPECT_EQ(sim.run(hedges.slow(80, use_awaitable)), "after 80 ms");
    EXPECT_EQ(calls.back(), "Ledger.slow 1 ok attempts 2 ms 80");
}

TEST_F(observers_of_calls, see_one_way_calls_and_calls_that_are_not_made) {
    auto server = sim.serve<Ledger>(ledger{sim});
    auto calls_of = proxy();
    EXPECT_EQ(sim.run(calls_of.add(1, 2, use_awaitable)), 3);
    calls_of.post(1, farcall::notify);
    sim.run_for(0s);
    EXPECT_EQ(calls.back(), "Ledger.post - ok attempts 1 ms 0");
    EXPECT_FALSE(sim.run(calls_of.echo("\xff", as_result(use_awaitable))));
    EXPECT_EQ(calls.back(), "Ledger.echo - invalid_argument attempts 0 ms 0");
    EXPECT_EQ(calls.size(), 3u);
}

TEST_F(observers_of_calls, see_what_the_caller_gets_where_the_answer_does_not_fit) {
    scripted_server server{sim};
    server.on_message = [](auto& link, const std::string&) { link.answer(1, "\"text\""); };
    auto calls_of = proxy();
    EXPECT_FALSE(sim.run(calls_of.post(1, as_result(use_awaitable))));
    EXPECT_EQ(calls, (lines{"Ledger.post 1 internal attempts 1 ms 0"}));
}

TEST_F(observers_of_calls, see_the_request_id_and_trace_that_were_sent) {
    auto server = sim.serve<Ledger>(ledger{sim});
    const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    auto calls_of = farcall::with(proxy(), farcall::trace_context{trace, {}}, farcall::metadata{{"x-request-id", "r-7"}});
    EXPECT_EQ(sim.run(calls_of.add(1, 2, use_awaitable)), 3);
    EXPECT_EQ(last_request_id, "r-7");
    EXPECT_EQ(last_traceparent, trace);
}

TEST_F(observers_of_calls, see_calls_that_were_given_up) {
    auto server = sim.serve<Ledger>(ledger{sim});
    auto calls_of = proxy();
    EXPECT_FALSE(sim.run(farcall::with(calls_of, farcall::timeout{30ms}).slow(1000, as_result(use_awaitable))));
    EXPECT_EQ(calls, (lines{"Ledger.slow 1 deadline_exceeded attempts 1 ms 30"}));
    const farcall::client client{sim.executor(), "sim://server", options};
    sim.spawn([&]() -> awaitable<void> {
        (void)co_await client.async_call<std::string>(as_result(use_awaitable), "Ledger.slow", 1000);
    });
    sim.run_for(10ms);
    client.close();
    sim.run_for(0s);
    EXPECT_EQ(calls.back(), "Ledger.slow 1 cancelled attempts 1 ms 10");
}

TEST_F(observers_on_client, do_no_harm_when_they_throw) {
    struct thrower {
        void connection_up(const farcall::connection_event&) { throw 1; }
        void connection_down(const farcall::connection_event&) { throw 2; }
        void retry(const farcall::retry_event&) { throw 3; }
    };
    options.observers.insert(options.observers.begin(), thrower{});
    auto server = sim.serve<Ledger>(ledger{sim});
    {
        auto calls = proxy();
        EXPECT_EQ(sim.run(calls.add(1, 2, use_awaitable)), 3);
    }
    sim.run_for(0s);
    EXPECT_EQ(told->seen, (lines{"up client 1 native", "down client 1 native"})) << "the one behind it is told all the same";
}

}  // namespace sim_test
