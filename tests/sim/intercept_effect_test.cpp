#include "guarded_server.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <farcall/interceptor/deadline_cap.hpp>
#include <farcall/interceptor/rate_limit.hpp>
#include <farcall/interceptor/token_auth.hpp>

/// What interceptors of a server make of calls: their own, and those that farcall has.
namespace sim_test {
namespace {

using farcall::deadline_cap;
using farcall::error;
using farcall::rate_limit;
using farcall::token_auth;
using farcall::token_owner;

template <class... Made>
auto chain_of(Made... made) {
    return [=](guarded_world&) { return std::vector<interceptor>{made...}; };
}

TEST(server_interceptors, change_what_the_handler_sees_and_what_the_caller_gets) {
    struct changing {
        void before(intercepted_call& call) {
            EXPECT_EQ(call.side, farcall::call_side::server);
            EXPECT_EQ(call.id, "1");
            EXPECT_TRUE(call.peer != nullptr);
            EXPECT_TRUE(call.info != nullptr);
            call.params = R"({"b":20,"a":10})";
            call.headers.set("say", "changed");
        }
        void after(intercepted_call&, call_outcome& end) {
            EXPECT_EQ(end.result, "30");
            EXPECT_EQ(end.trailers.get("said"), "changed");
            end.result = "[" + end.result + "]";
            end.trailers.set("more", "yes");
        }
    };
    guarded_world sim{chain_of(changing{})};
    sim.call(1, "add", "[1,2]", R"({"trailers":true})");
    const std::string answer = sim.received();
    EXPECT_TRUE(answer.starts_with(R"({"jsonrpc":"2.0","id":1,"result":[30],"meta":)")) << answer;
    EXPECT_NE(answer.find(R"("headers":{"said":"changed","more":"yes"})"), std::string::npos) << answer;
}

TEST(server_interceptors, turn_a_failure_into_an_answer_and_back) {
    struct turning {
        void after(intercepted_call&, call_outcome& end) {
            if (end.failure)
                end = call_outcome::answer("\"better\"");
            else
                end = call_outcome::failed(error{status::aborted, "worse"}.with_executed(executed::yes));
        }
    };
    guarded_world sim{chain_of(turning{})};
    sim.call(1, "fail", "[\"no\"]");
    EXPECT_EQ(sim.received(), result(1, "\"better\""));
    sim.call(2, "add", "[1,2]");
    EXPECT_NE(sim.received().find("worse"), std::string::npos);
    EXPECT_EQ(sim.counted("Guarded.add").failures, 1u) << "what the caller is told counts";
}

TEST(server_interceptors, answer_methods_that_are_none) {
    struct answering {
        std::optional<call_outcome> before(intercepted_call& call) {
            if (call.method != "Dynamic.echo") return std::nullopt;
            EXPECT_EQ(call.info, nullptr);
            return call_outcome::answer("{\n \"args\": " + call.params + "\r\n}");
        }
    };
    guarded_world sim{chain_of(answering{})};
    const std::string call = guarded_world::request(1, "Dynamic.echo", "[1,2]");
    // Not the end of a line, where messages are lines.
    EXPECT_EQ(sim.ask(call + "\n"), result(1, "{  \"args\": [1,2]  }") + "\n");
    sim.ask(R"({"jsonrpc":"2.0","method":"Dynamic.echo"})"
            "\n");
}

TEST(server_interceptors, cannot_send_what_is_no_json) {
    for (const char* wrong : {"}{", "\"a\nb\"", "1 2", "[", "{\"a\":}", "\x01"}) {
        struct broken {
            std::string text;
            std::optional<call_outcome> before(intercepted_call&) { return call_outcome::answer(text); }
        };
        guarded_world sim{chain_of(broken{wrong})};
        sim.call(1, "add", "[1,2]");
        EXPECT_NE(sim.received().find("the answer of an interceptor is no JSON"), std::string::npos) << wrong;
    }
    struct nothing {
        std::optional<call_outcome> before(intercepted_call&) { return call_outcome{}; }
    };
    guarded_world sim{chain_of(nothing{})};
    sim.call(1, "add", "[1,2]");
    EXPECT_EQ(sim.received(), result(1, "null"));
}

TEST(server_interceptors, that_spoil_the_arguments_are_told_so) {
    struct spoiling {
        void before(intercepted_call& call) { call.params = "[1,"; }
    };
    guarded_world sim{chain_of(spoiling{})};
    sim.call(1, "add", "[1,2]");
    EXPECT_NE(sim.received().find("-32602"), std::string::npos);
    EXPECT_EQ(sim.taken(), lines{});
}

TEST(server_interceptors, refuse_one_element_of_a_batch) {
    struct picky {
        void before(intercepted_call& call) {
            if (call.params == "[3,4]") throw error{status::permission_denied, "not these"};
        }
    };
    guarded_world sim{chain_of(picky{})};
    sim.send("[" + guarded_world::request(1, "Guarded.add", "[1,2]") + "," + guarded_world::request(2, "Guarded.add", "[3,4]") +
             "," + guarded_world::request(3, "Guarded.add", "[5,6]") + "]");
    const std::string answer = sim.received();
    EXPECT_TRUE(answer.starts_with("[" + result(1, "3") + ",")) << answer;
    EXPECT_NE(answer.find("not these"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with("," + result(3, "11") + "]")) << answer;
    EXPECT_EQ(sim.handler.runs, 2);
}

/// Lets calls wait in a coroutine before the handler runs.
auto waiting_chain(std::chrono::nanoseconds first, std::chrono::nanoseconds then = {}) {
    return [=](guarded_world& sim) {
        return std::vector<interceptor>{noting{"a", sim.log}, noting_around{"b", sim.log, &sim, first, then}};
    };
}

TEST(server_interceptors, that_wait_hold_up_nothing_else) {
    guarded_world sim{waiting_chain(100ms)};
    sim.call(1, "add", "[1,2]");
    sim.call(2, "add", "[3,4]");
    EXPECT_EQ(sim.received(99ms), "");
    EXPECT_EQ(sim.received(), result(1, "3") + "\n" + result(2, "7"));
}

TEST(server_interceptors, that_wait_count_against_the_calls_in_flight) {
    guarded_world sim{waiting_chain(100ms), farcall::limits{.in_flight = 2}};
    for (int id = 1; id < 4; ++id) sim.call(id, "wait", "[50]");
    const std::string refused = sim.received();
    EXPECT_TRUE(refused.starts_with(R"({"jsonrpc":"2.0","id":3,"error":{"code":-32008)")) << refused;
    EXPECT_NE(refused.find("limits.in_flight"), std::string::npos);
    EXPECT_EQ(sim.counted("Guarded.wait").in_flight, 2u) << "each once, though its handler waits, too";
    sim.run_for(110ms);
    EXPECT_EQ(sim.counted("Guarded.wait").in_flight, 2u);
    EXPECT_EQ(sim.received(100ms), result(1, "50") + "\n" + result(2, "50"));
    EXPECT_EQ(sim.counted("Guarded.wait").in_flight, 0u);
    sim.call(4, "add", "[1,2]");
    EXPECT_EQ(sim.received(200ms), result(4, "3"));
}

TEST(server_interceptors, count_a_handler_that_waits_behind_plain_ones_against_the_calls_in_flight) {
    guarded_world sim{[](guarded_world& made) { return std::vector<interceptor>{noting{"a", made.log}}; },
                      farcall::limits{.in_flight = 2}};
    for (int id = 1; id < 4; ++id) sim.call(id, "wait", "[50]");
    EXPECT_TRUE(sim.received().starts_with(R"({"jsonrpc":"2.0","id":3,"error":{"code":-32008)"));
    EXPECT_EQ(sim.taken().back(), "a < resource_exhausted") << "they hear of it";
    sim.call(4, "add", "[1,2]");
    EXPECT_EQ(sim.received(), result(4, "3")) << "what is answered at once is not in flight";
}

TEST(server_interceptors, that_wait_are_cancelled_with_their_call) {
    guarded_world sim{waiting_chain(1min)};
    sim.call(7, "add", "[1,2]");
    sim.call(8, "add", "[1,2]", R"({"timeout_ms":50})");
    sim.received();
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_EQ(
        sim.received(),
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"the call was given up while an interceptor ran","data":{"executed":"no"}}})");
    const std::string late = sim.received(50ms);
    EXPECT_TRUE(late.starts_with(R"({"jsonrpc":"2.0","id":8,"error":{"code":-32004,)")) << late;
    EXPECT_EQ(sim.handler.runs, 0);
    sim.call(9, "add", "[1,2]");
    sim.received();
    sim.taken();
    sim.peer->close();
    sim.run_for(10ms);
    EXPECT_EQ(sim.taken(), (lines{"a < cancelled"}));
    EXPECT_EQ(sim.disconnected, 1);
    EXPECT_EQ(sim.counted("Guarded.add").in_flight, 0u);
}

TEST(server_interceptors, that_wait_behind_the_call_are_cancelled_with_it) {
    guarded_world sim{waiting_chain(0ns, 1min)};
    sim.call(7, "add", "[1,2]");
    sim.received();
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_NE(sim.received().find("-32001"), std::string::npos);
    EXPECT_EQ(sim.handler.runs, 1);
}

TEST(server_interceptors, do_not_let_a_call_begin_that_nobody_waits_for_any_more) {
    // It does not care that it is cancelled.
    struct stubborn {
        simulation* sim;
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            co_await boost::asio::this_coro::throw_if_cancelled(false);
            co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation{});
            co_await sim->delay(100ms);
            co_return co_await next();
        }
    };
    guarded_world sim{[](guarded_world& made) { return std::vector<interceptor>{stubborn{&made}}; }};
    sim.call(7, "add", "[1,2]");
    sim.call(8, "add", "[1,2]", R"({"timeout_ms":50})");
    sim.received();
    sim.send(R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    const std::string answers = sim.received(200ms);
    EXPECT_NE(answers.find(R"("id":7,"error":{"code":-32001,"message":"the caller cancelled the call before it was started")"), std::string::npos) << answers;
    EXPECT_NE(answers.find(R"("id":8,"error":{"code":-32004,"message":"the deadline passed before the call was started")"), std::string::npos) << answers;
    EXPECT_EQ(sim.handler.runs, 0);
    EXPECT_EQ(sim.server->metrics().late, 1u);
}

TEST(server_interceptors, are_waited_for_by_a_server_that_stops) {
    guarded_world sim{waiting_chain(500ms)};
    sim.call(1, "add", "[1,2]");
    sim.run_for(10ms);
    sim.server->stop();
    EXPECT_NE(sim.received(1s).find(result(1, "3")), std::string::npos);
    EXPECT_TRUE(sim.peer->ended());
}

TEST(server_interceptors, give_up_a_call_of_their_own_accord) {
    // Whoever is first: the call, or its time.
    struct hasty {
        simulation* sim;
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            using namespace boost::asio::experimental::awaitable_operators;
            const auto first = co_await (next() || sim->delay(50ms));
            if (first.index() == 0) co_return std::get<0>(first);
            co_return call_outcome::answer("\"too slow\"");
        }
    };
    guarded_world sim{[](guarded_world& made) { return std::vector<interceptor>{hasty{&made}}; }};
    sim.call(1, "wait", "[10]");
    EXPECT_EQ(sim.received(20ms), result(1, "10"));
    sim.taken();
    sim.call(2, "wait", "[60000]");
    EXPECT_EQ(sim.received(60ms), result(2, "\"too slow\""));
    EXPECT_EQ(sim.taken(), (lines{"wait", "wait cancelled"}));
}

TEST(deadline_cap, ends_calls_that_take_longer_and_tells_the_handler) {
    guarded_world sim{chain_of(deadline_cap{100ms})};
    sim.call(1, "left", "[]");
    EXPECT_EQ(sim.received(), result(1, "100"));
    sim.call(2, "left", "[]", R"({"timeout_ms":40})");
    EXPECT_EQ(sim.received(), result(2, "40"));
    sim.call(3, "wait", "[60000]", R"({"timeout_ms":5000})");
    EXPECT_EQ(sim.received(99ms), "");
    EXPECT_NE(sim.received().find("-32004"), std::string::npos);
    EXPECT_EQ(sim.taken(), (lines{"wait", "wait cancelled"}));
}

TEST(deadline_cap, holds_on_a_client_and_is_told_the_server) {
    guarded_world sim{chain_of()};
    auto options = sim.client_options();
    options.interceptors.push_back(deadline_cap{100ms});
    const Guarded::proxy proxy{farcall::client{sim.executor(), "sim://server", std::move(options)}};
    EXPECT_LE(sim.run(proxy.left(use_awaitable)), 100);
    const auto before = sim.elapsed();
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{1h}).wait(60'000, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    EXPECT_EQ((sim.elapsed() - before) / 1ms, 100);
}

TEST(deadline_cap, holds_where_the_call_was_in_flight_before) {
    guarded_world sim{[](guarded_world& made) {
        return std::vector<interceptor>{noting_around{"a", made.log}, deadline_cap{100ms}};
    }};
    sim.call(3, "wait", "[60000]", R"({"timeout_ms":5000})");
    EXPECT_NE(sim.received(110ms).find("-32004"), std::string::npos);
    struct generous {
        void before(intercepted_call& call) { call.deadline = farcall::never; }
    };
    guarded_world other{chain_of(generous{})};
    other.call(1, "left", "[]", R"({"timeout_ms":40})");
    EXPECT_EQ(other.received(), result(1, "40")) << "an interceptor cannot give more than the caller";
}

const auto door = chain_of(token_auth{std::vector<token_owner>{{"s3cret", "ada"}, {"other", "grace"}}});
constexpr const char* ada = R"({"headers":{"authorization":"Bearer s3cret"}})";
constexpr const char* grace = R"({"headers":{"Authorization":"bearer other"}})";

TEST(token_auth, refuses_calls_without_a_token_and_health_needs_none) {
    guarded_world sim{door};
    for (const std::string& wrong : {guarded_world::request(1, "Guarded.add", "[1,2]"), guarded_world::request(1, "Guarded.none", "[]"),
                                     guarded_world::request(1, "rpc.discover", "[]"), guarded_world::request(1, "rpc.hello", "{}"),
                                     guarded_world::request(1, "Guarded.add", "[1,2]", R"({"headers":{"authorization":"Bearer x"}})")}) {
        sim.send(wrong);
        EXPECT_TRUE(sim.received().starts_with(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32016,)")) << wrong;
    }
    EXPECT_EQ(sim.handler.runs, 0);
    sim.call(1, "add", "[1,2]", ada);
    EXPECT_EQ(sim.received(), result(1, "3"));
    sim.send(guarded_world::request(1, "rpc.health", "{}"));
    EXPECT_NE(sim.received().find("result"), std::string::npos);
    const auto http = [&](std::string_view first, std::string_view field, std::string_view body = {}) {
        return sim.ask(std::string{first} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{field} + "Content-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + std::string{body}).substr(9, 3);
    };
    EXPECT_EQ(http("POST /Guarded.add", "", "[1,2]"), "401");
    EXPECT_EQ(http("POST /Guarded.add", "Authorization: Bearer s3cret\r\n", "[1,2]"), "200");
    EXPECT_EQ(http("GET /healthz", ""), "200");
    EXPECT_EQ(http("GET /readyz", ""), "200");
}

TEST(token_auth, says_who_calls_for_each_call_of_a_connection) {
    guarded_world sim{door};
    sim.call(1, "who", "[]", ada);
    sim.call(2, "who", "[]", grace);
    sim.call(3, "who", "[]");
    const std::string answers = sim.received();
    EXPECT_TRUE(answers.starts_with(result(1, "\"ada\"") + "\n" + result(2, "\"grace\"") + "\n")) << answers;
    EXPECT_NE(answers.find("-32016"), std::string::npos) << "nothing is taken over from the calls before";
}

TEST(token_auth, keeps_sessions_apart) {
    guarded_world sim{door};
    sim.send(guarded_world::request(1, "rpc.hello", R"({"session":"new"})", ada));
    const std::string session = session_of(sim.received());
    const auto meta = [&](std::string_view headers) {
        return R"({"session":")" + session + R"(","seq":1,"ack":1,)" + std::string{headers.substr(1)};
    };
    sim.call(2, "pay", "[10]", meta(ada));
    EXPECT_EQ(sim.received(), result(2, "1"));
    sim.call(3, "pay", "[10]", meta(grace));
    EXPECT_NE(sim.received().find("rpc.session_expired"), std::string::npos) << "another one's is unknown";
    sim.call(4, "pay", "[10]", meta(ada));
    EXPECT_EQ(sim.received(), result(4, "1"));
    EXPECT_EQ(sim.handler.runs, 1);
}

TEST(token_auth, and_the_token_of_the_pages_are_two) {
    guarded_world sim{[](guarded_world& made) {
        static_cast<void>(made);
        return std::vector<interceptor>{token_auth{std::vector<token_owner>{{"s3cret", "ada"}}, {"rpc.discover"}}};
    }};
    sim.send(guarded_world::request(1, "rpc.discover", "[]"));
    EXPECT_NE(sim.received().find("openrpc"), std::string::npos) << "exempt, and the pages want none";
}

TEST(rate_limit, of_100_a_second_refuses_about_900_of_1000_and_disconnects_nobody) {
    guarded_world sim{chain_of(rate_limit{{.per_second = 100}})};
    int good = 0, busy = 0;
    for (int i = 0; i < 1000; ++i) {
        sim.call(i, "add", "[1,2]");
        const std::string answer = sim.received(1ms);
        good += answer.find("\"result\":3") != std::string::npos ? 1 : 0;
        busy += answer.find("\"code\":-32008") != std::string::npos && answer.find("retry_after_ms") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(sim.elapsed() / 1ms, 1000);
    EXPECT_NEAR(busy, 900, 20);
    EXPECT_EQ(good + busy, 1000);
    EXPECT_EQ(sim.handler.runs, good);
    EXPECT_EQ(sim.disconnected, 0);
    sim.run_for(1s);
    sim.call(1, "add", "[1,2]");
    EXPECT_EQ(sim.received(), result(1, "3"));
}

TEST(rate_limit, tells_http_clients_when_to_come_again) {
    guarded_world sim{chain_of(rate_limit{{.per_second = 0.5, .key = rate_limit::by_peer}})};
    const std::string post = "POST /Guarded.add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n[1,2]";
    EXPECT_TRUE(sim.ask(post).starts_with("HTTP/1.1 200"));
    const std::string refused = sim.ask(post);
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 429")) << refused;
    EXPECT_NE(refused.find("\r\nRetry-After: 2\r\n"), std::string::npos) << refused;
}

}  // namespace
}  // namespace sim_test
