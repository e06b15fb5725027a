#include "support.hpp"

#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/retry/hedged.hpp>

/// What a caller learns of its call besides the result: trailers, the server's time, attempts.
namespace sim_test {

using farcall::call_report;
using farcall::metadata;
using farcall::report_to;

RPC_SERVICE(Teller,
    (now, int(int value)),
    (later, int(int value, int ms), farcall::idempotent),
    (fail, int(int value)),
    (once, int(int value), farcall::exactly_once),
    (plain, int(int value)))

RPC_SERVICE(Slow, (wait, int(int ms), farcall::readonly))

/// Says in its trailers how it was called.
struct reporter {
    simulation& sim;
    int failures = 0;  ///< of `later`, before it succeeds

    int now(farcall::context& call, int value) {
        call.trailers().set("said", "now");
        return value;
    }
    awaitable<int> later(farcall::context& call, int value, int ms) {
        co_await sim.delay(std::chrono::milliseconds{ms});
        call.trailers().set("said", "later");
        if (failures-- > 0) throw farcall::error{status::unavailable, "not yet"};
        co_return value;
    }
    int fail(farcall::context& call, int) {
        call.trailers().set("said", "why");
        throw farcall::error{status::not_found, "nothing there"};
    }
    int once(farcall::context& call, int value) {
        call.trailers().set("said", "once");
        return value;
    }
    int plain(int value) { return value; }
};

class report_of_a_call : public ::testing::TestWithParam<const char*> {
protected:
    Teller::proxy proxy() { return farcall::with(Teller::proxy{sim.connect(GetParam())}, report_to(report)); }

    world sim;
    reporter handler{sim};
    std::unique_ptr<farcall::server> server = sim.serve<Teller>(std::ref(handler));
    call_report report;
};

INSTANTIATE_TEST_SUITE_P(calls, report_of_a_call, ::testing::Values("sim://server", "http://server:80/", "ws://server:80/"),
                         [](const auto& each) { return std::string{each.param}.substr(0, std::string{each.param}.find(':')); });

TEST_P(report_of_a_call, has_what_the_handler_sends_along_and_how_long_the_server_took) {
    const auto calls = proxy();
    EXPECT_EQ(sim.run(calls.later(7, 50, use_awaitable)), 7);
    EXPECT_EQ(report.trailers, (metadata{{"said", "later"}}));
    ASSERT_TRUE(report.server_time);
    EXPECT_GE(*report.server_time, 50ms);
    EXPECT_LT(*report.server_time, 51ms) << "without the network";
    EXPECT_EQ(report.attempts, 1u);
    EXPECT_FALSE(report.stale);

    EXPECT_EQ(sim.run(calls.now(8, use_awaitable)), 8);
    EXPECT_EQ(report.trailers, (metadata{{"said", "now"}}));
    EXPECT_TRUE(report.server_time);
    EXPECT_EQ(sim.run(calls.once(9, use_awaitable)), 9);
    EXPECT_EQ(report.trailers, (metadata{{"said", "once"}}));
    EXPECT_EQ(sim.run(calls.plain(9, use_awaitable)), 9);
    EXPECT_TRUE(report.trailers.empty()) << "of the call before";
    EXPECT_TRUE(report.server_time);
}

TEST_P(report_of_a_call, is_made_of_one_that_failed_too) {
    const auto end = sim.run(proxy().fail(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::not_found) << text_of(end);
    EXPECT_EQ(report.trailers, (metadata{{"said", "why"}}));
    EXPECT_TRUE(report.server_time);
    EXPECT_EQ(report.attempts, 1u);
}

TEST_P(report_of_a_call, is_there_for_those_who_make_it_by_name) {
    const auto client = farcall::with(sim.connect(GetParam()), report_to(report));
    EXPECT_EQ(sim.run(client.async_call<int>(use_awaitable, "Teller.now", 3)), 3);
    EXPECT_EQ(report.trailers, (metadata{{"said", "now"}}));
}

TEST_P(report_of_a_call, is_left_alone_by_one_way_calls) {
    report.attempts = 77;
    proxy().now(1, farcall::notify);
    sim.run_for(1s);
    EXPECT_EQ(report.attempts, 77u);
}

/// The client under test, with a policy.
template <class Policy>
auto with_policy(simulation& sim, Policy policy, call_report& report) {
    return farcall::with(Teller::basic_proxy<Policy>{sim.executor(), "sim://server", policy, sim.client_options()},
                         report_to(report));
}

TEST(report, counts_attempts_and_has_what_the_last_one_said) {
    world sim;
    reporter handler{sim, 2};
    auto server = sim.serve<Teller>(std::ref(handler));
    call_report report;
    const auto calls = with_policy(sim, farcall::exponential_backoff{.max_attempts = 3}, report);
    EXPECT_EQ(sim.run(calls.later(7, 1, use_awaitable)), 7);
    EXPECT_EQ(report.attempts, 3u);
    EXPECT_EQ(report.trailers, (metadata{{"said", "later"}}));

    handler.failures = 99;
    const auto end = sim.run(calls.later(7, 1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::unavailable) << text_of(end);
    EXPECT_EQ(report.attempts, 3u);
    EXPECT_EQ(report.trailers, (metadata{{"said", "later"}})) << "with an error";
}

TEST(report, counts_attempts_that_run_beside_one_another) {
    struct slow {
        simulation& sim;
        awaitable<int> wait(farcall::context& call, int ms) {
            call.trailers().set("attempt", std::to_string(call.attempt()));
            co_await sim.delay(std::chrono::milliseconds{call.attempt() == 1 ? 10 * ms : ms});
            co_return ms;
        }
    };
    world sim;
    auto server = sim.serve<Slow>(slow{sim});
    call_report report;
    const auto calls =
        farcall::with(Slow::basic_proxy<farcall::hedged>{sim.executor(), "sim://server", {.delay = 20ms}, sim.client_options()},
                      report_to(report));
    EXPECT_EQ(sim.run(calls.wait(100, use_awaitable)), 100);
    EXPECT_EQ(report.attempts, 2u);
    EXPECT_EQ(report.trailers, (metadata{{"attempt", "2"}})) << "of the attempt that was answered";
}

TEST(report, of_a_call_that_never_left_counts_no_attempt) {
    world sim;
    call_report report{.trailers = {{"old", "1"}}, .server_time = 1us, .attempts = 5, .stale = true};
    std::stop_source given_up;
    given_up.request_stop();
    const auto calls = farcall::with(Teller::proxy{sim.connect()}, report_to(report), given_up.get_token());
    EXPECT_EQ(sim.run(calls.now(1, as_result(use_awaitable))).error().status(), status::cancelled);
    EXPECT_EQ(report.attempts, 0u);
    EXPECT_TRUE(report.trailers.empty());
    EXPECT_FALSE(report.server_time);
    EXPECT_FALSE(report.stale);
    report.attempts = 5;
    const auto wrong = farcall::with(Teller::proxy{sim.connect()}, report_to(report), farcall::idempotency_key{"k"});
    EXPECT_EQ(sim.run(wrong.now(1, as_result(use_awaitable))).error().status(), status::invalid_argument);
    EXPECT_EQ(report.attempts, 0u);
}

TEST(report, of_an_answer_that_is_given_again_says_this_attempts_time) {
    world sim;
    reporter handler{sim};
    auto server = sim.serve<Teller>(std::ref(handler));
    call_report report;
    const auto calls = farcall::with(Teller::proxy{sim.connect()}, report_to(report), farcall::idempotency_key{"k"});
    EXPECT_EQ(sim.run(calls.once(9, use_awaitable)), 9);
    EXPECT_EQ(report.trailers, (metadata{{"said", "once"}}));
    EXPECT_EQ(sim.run(calls.once(9, use_awaitable)), 9);
    EXPECT_TRUE(report.server_time);
    EXPECT_TRUE(report.trailers.empty());
}

/// What a client that knows nothing of this sends, and gets.
std::string exchange(simulation& sim, std::string_view message) {
    auto peer = raw_stream::connect(sim);
    peer->write(frame(message));
    return peer->read().value_or("nothing").substr(4);
}

TEST(notes_on_an_answer, are_for_those_who_ask_for_them) {
    world sim;
    reporter handler{sim};
    auto server = sim.serve<Teller>(std::ref(handler));
    EXPECT_EQ(exchange(sim, R"({"jsonrpc":"2.0","id":1,"method":"Teller.now","params":[3]})"),
              R"({"jsonrpc":"2.0","id":1,"result":3})");
    EXPECT_EQ(exchange(sim, R"({"jsonrpc":"2.0","id":1,"method":"Teller.now","meta":{"trailers":false},"params":[3]})"),
              R"({"jsonrpc":"2.0","id":1,"result":3})");
    EXPECT_EQ(exchange(sim, R"({"jsonrpc":"2.0","id":1,"method":"Teller.now","meta":{"trailers":true},"params":[3]})"),
              R"({"jsonrpc":"2.0","id":1,"result":3,"meta":{"server_us":0,"headers":{"said":"now"}}})");
    EXPECT_EQ(exchange(sim, R"([{"jsonrpc":"2.0","id":1,"method":"Teller.now","meta":{"trailers":true},"params":[3]},)"
                            R"({"jsonrpc":"2.0","id":2,"method":"Teller.later","meta":{"trailers":true},"params":[4,5]},)"
                            R"({"jsonrpc":"2.0","id":3,"method":"Teller.now","params":[5]},)"
                            R"({"jsonrpc":"2.0","method":"Teller.now","meta":{"trailers":true},"params":[6]}])"),
              R"([{"jsonrpc":"2.0","id":1,"result":3,"meta":{"server_us":0,"headers":{"said":"now"}}},)"
              R"({"jsonrpc":"2.0","id":3,"result":5},)"
              R"({"jsonrpc":"2.0","id":2,"result":4,"meta":{"server_us":5000,"headers":{"said":"later"}}}])");
}

}  // namespace sim_test
