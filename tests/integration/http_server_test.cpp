#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/server.hpp>

#include "integration/gate.hpp"
#include "integration/http_client.hpp"
#include "unit/protocol/http/hostile_requests.hpp"

namespace http_integration {

struct not_enough {
    int missing;
};

RPC_SERVICE(Shop,
    (add, int(int a, int b), farcall::readonly),
    (buy, int(int price), farcall::throws<not_enough>),
    (pay, int(int price), farcall::exactly_once),
    (told, std::string(std::string key)),
    (patience, bool()),
    (held, int(int value)),
    (stuck, void()))

/// Serves `Shop`; the calls of `held` end when the gate is opened.
class shop {
public:
    int add(int a, int b) {
        ++calls;
        return a + b;
    }
    int buy(int price) const {
        if (price > 10) throw not_enough{price - 10};
        if (price < 0) throw farcall::error{farcall::status::failed_precondition, "the shop is closed"};
        return price;
    }
    int pay(int price) {
        ++calls;
        return price;
    }
    std::string told(farcall::context& call, std::string key) const {
        return std::string{call.headers().get(key).value_or("nothing")};
    }
    bool patience(farcall::context& call) const { return call.deadline() != farcall::never; }
    boost::asio::awaitable<int> held(int value) {
        ++calls;
        co_await gate.wait();
        co_return value;
    }

    boost::asio::awaitable<void> stuck() const {
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, farcall::never};
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

    std::atomic<int> calls{0};
    integration::gate gate;
};

}  // namespace http_integration

namespace {

using http_integration::Shop;
using http_integration::shop;
using integration::http_ask;
using integration::http_get;
using integration::http_post;
using integration::http_response;
using integration::raw_socket;
using integration::receive_http;
using namespace std::chrono_literals;

class http_server : public ::testing::Test {
protected:
    void start(farcall::server_options options = {}) {
        server.emplace(std::move(options));
        server->add<Shop>(handler);
        server->listen(0);
        server->start();
    }
    ~http_server() override { handler->gate.open(); }

    http_response ask(std::string_view request) const { return http_ask(server->port(), request); }
    raw_socket connect() const { return raw_socket::connect(server->port()); }

    std::shared_ptr<shop> handler = std::make_shared<shop>();
    std::optional<farcall::server> server;
};

std::string message(int id, std::string_view method, std::string_view params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + std::string{method} +
           R"(","params":)" + std::string{params} + "}";
}

TEST_F(http_server, answers_bare_calls_with_bare_results) {
    start();
    EXPECT_EQ(ask(http_post("/Shop.add", "[5,3]")).body, "8");
    EXPECT_EQ(ask(http_post("/Shop.add", R"({"b":3,"a":5})")).body, "8");
    EXPECT_EQ(ask(http_post("/Shop.patience", "")).body, "false");
    EXPECT_EQ(ask("POST /Shop.add HTTP/1.0\r\nContent-Length: 5\r\n\r\n[5,3]").body, "8");
}

TEST_F(http_server, answers_bare_calls_that_fail_with_a_status) {
    start();
    const http_response unknown = ask(http_post("/Shop.ad", "[5,3]"));
    EXPECT_EQ(unknown.status, 404);
    EXPECT_NE(unknown.body.find("did you mean Shop.add?"), std::string::npos) << unknown.body;
    const http_response wrong = ask(http_post("/Shop.add", R"(["x",3])"));
    EXPECT_EQ(wrong.status, 400);
    EXPECT_TRUE(wrong.body.starts_with(R"({"error":{"code":-32602,"message":")")) << wrong.body;
    EXPECT_NE(wrong.body.find(R"("path":"/0")"), std::string::npos) << wrong.body;
    const http_response thrown = ask(http_post("/Shop.buy", "[12]"));
    EXPECT_EQ(thrown.status, 500);
    EXPECT_NE(thrown.body.find(R"(not_enough","value":{"missing":2})"), std::string::npos) << thrown.body;
    EXPECT_EQ(ask(http_post("/Shop.buy", "[-1]")).status, 400);
    EXPECT_EQ(ask(http_post("/rpc.nothing", "")).status, 404);
}

TEST_F(http_server, answers_json_rpc_with_200_whatever_it_says) {
    start();
    EXPECT_EQ(ask(http_post("/", message(7, "Shop.add", "[5,3]"))).body, R"({"jsonrpc":"2.0","id":7,"result":8})");
    const http_response broken = ask(http_post("/", "{"));
    EXPECT_EQ(broken.status, 200);
    EXPECT_NE(broken.body.find("-32700"), std::string::npos);
    EXPECT_EQ(ask(http_post("/", '[' + message(1, "Shop.add", "[1,1]") + ',' + message(2, "no", "[]") + ']')).status,
              200);
}

TEST_F(http_server, answers_notifications_with_nothing) {
    start();
    raw_socket wire = connect();
    const std::string notification = R"({"jsonrpc":"2.0","method":"Shop.add","params":[5,3]})";
    const std::string held = R"({"jsonrpc":"2.0","method":"Shop.held","params":[5]})";
    for (const std::string& each : {notification, '[' + notification + ',' + notification + ']', held}) {
        wire.send(http_post("/", each));
        const auto answer = receive_http(wire);
        ASSERT_TRUE(answer) << each;
        EXPECT_EQ(answer->status, 200);
        EXPECT_TRUE(answer->says("Content-Length: 0"));
    }
    wire.send(http_post("/Shop.add", "[5,3]"));
    EXPECT_EQ(receive_http(wire).value().body, "8");
    EXPECT_EQ(handler->calls, 5);
}

TEST_F(http_server, waits_for_all_calls_of_a_batch) {
    start();
    raw_socket wire = connect();
    wire.send(http_post("/", '[' + message(1, "Shop.held", "[5]") +
                                 R"(,{"jsonrpc":"2.0","method":"Shop.add","params":[5,3]}])") +
              http_post("/Shop.add", "[1,2]"));
    ASSERT_TRUE(handler->gate.await(1));
    handler->gate.open();
    EXPECT_EQ(receive_http(wire).value().body, R"([{"jsonrpc":"2.0","id":1,"result":5}])");
    EXPECT_EQ(receive_http(wire).value().body, "3");
}

TEST_F(http_server, answers_pipelined_requests_in_order) {
    start();
    raw_socket wire = connect();
    std::string all;
    for (int i = 0; i < 50; ++i) all += http_post("/Shop.held", '[' + std::to_string(i) + ']') + http_get("/healthz");
    ASSERT_TRUE(wire.send(all));
    ASSERT_TRUE(handler->gate.await(1));
    handler->gate.open();
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(receive_http(wire).value().body, std::to_string(i));
        EXPECT_EQ(receive_http(wire).value().body, R"({"status":"alive"})");
    }
    // One at a time was begun.
    EXPECT_EQ(handler->calls, 50);
}

TEST_F(http_server, refuses_what_is_hostile_and_runs_nothing_of_it) {
    start();
    for (const http_test::hostile_request& each : http_test::hostile_requests()) {
        SCOPED_TRACE(each.name);
        raw_socket wire = connect();
        wire.send(each.bytes + http_post("/Shop.add", "[1,2]"));
        const std::string answer = wire.receive_all();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(each.status) + ' ')) << answer;
        EXPECT_EQ(answer.find("HTTP/1.1 200"), std::string::npos) << answer;
        EXPECT_TRUE(wire.closed_by_peer());
    }
    EXPECT_EQ(handler->calls, 0);
    EXPECT_EQ(ask(http_post("/Shop.add", "[1,2]")).body, "3");
}

TEST_F(http_server, never_runs_a_method_for_a_get) {
    start();
    for (const char* target : {"/Shop.add", "/Shop.add?a=5&b=3", "/%53hop.add", "/rpc.discover"})
        EXPECT_GE(ask(http_get(target)).status, 400) << target;
    // A page, whatever stands behind it.
    EXPECT_EQ(ask(http_get("/?method=Shop.add&params=[5,3]")).body, ask(http_get("/")).body);
    EXPECT_EQ(ask(http_get("/Shop.add")).status, 405);
    EXPECT_EQ(handler->calls, 0);
}

TEST_F(http_server, does_not_serve_foreign_pages_and_names) {
    start();
    const auto with = [&](std::string_view host, std::string_view origin, std::string_view more = {}) {
        std::string request =
            http_post("/Shop.add", "[5,3]", "Origin: " + std::string{origin} + "\r\n" + std::string{more});
        if (origin.empty()) request.erase(request.find("Origin: "), 10);
        request.replace(request.find("localhost"), 9, host);
        return ask(request).status;
    };
    const std::string own = "localhost:" + std::to_string(server->port());
    EXPECT_EQ(with(own, "http://" + own), 200);
    EXPECT_EQ(with(own, ""), 200);
    EXPECT_EQ(handler->calls, 2);
    EXPECT_EQ(with(own, "http://evil.example"), 403);
    EXPECT_EQ(with(own, "null"), 403);
    EXPECT_EQ(with("evil.example", "http://evil.example"), 421);
    EXPECT_EQ(with("evil.example", ""), 421);
    EXPECT_EQ(with(own, "", "Sec-Fetch-Site: cross-site\r\n"), 403);
    const std::string upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    EXPECT_EQ(ask(http_get("/", upgrade + "Origin: http://evil.example\r\n")).status, 403);
    EXPECT_EQ(handler->calls, 2);
}

TEST_F(http_server, becomes_a_websocket_on_the_same_port) {
    start();
    raw_socket wire = connect();
    wire.send(http_get(
        "/",
        "Origin: http://localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    const auto answer = receive_http(wire);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 101);
    EXPECT_TRUE(answer->says("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    // One masked text frame there, one plain one back (RFC 6455, section 5.2).
    const std::string call = message(1, "Shop.add", "[5,3]");
    std::string frame{static_cast<char>(0x81), static_cast<char>(0x80 | call.size()), 0, 0, 0, 0};
    ASSERT_LT(call.size(), 126u);
    wire.send(frame + call);
    const std::string reply = R"({"jsonrpc":"2.0","id":1,"result":8})";
    EXPECT_EQ(wire.receive_bytes(2 + reply.size()),
              (std::string{static_cast<char>(0x81), static_cast<char>(reply.size())} + reply));
}

TEST_F(http_server, hands_headers_and_deadlines_to_handlers) {
    start();
    EXPECT_EQ(ask(http_post("/Shop.told", R"(["x-request-id"])", "X-Request-ID: 42\r\n")).body, R"("42")");
    EXPECT_EQ(ask(http_post("/Shop.told", R"(["authorization"])", "Authorization: Bearer x\r\n")).body,
              R"("Bearer x")");
    EXPECT_EQ(ask(http_post("/Shop.told", R"(["cookie"])", "Cookie: a=b\r\n")).body, R"("nothing")");
    EXPECT_EQ(ask(http_post("/Shop.patience", "[]", "Timeout-Ms: 5000\r\n")).body, "true");
    // The same beside a message, and what the message says of itself comes first.
    const std::string told =
        R"({"jsonrpc":"2.0","id":1,"method":"Shop.told","params":["tenant"],"meta":{"headers":{"tenant":"own"}}})";
    EXPECT_NE(ask(http_post("/", told, "Tenant: around\r\n")).body.find(R"("own")"), std::string::npos);
    EXPECT_NE(
        ask(http_post("/", message(1, "Shop.told", R"(["tenant"])"), "Tenant: around\r\n")).body.find(R"("around")"),
        std::string::npos);
}

TEST_F(http_server, ends_a_call_whose_time_is_over) {
    start();
    const http_response late = ask(http_post("/Shop.stuck", "", "Timeout-Ms: 50\r\n"));
    EXPECT_EQ(late.status, 504);
    EXPECT_NE(late.body.find("-32004"), std::string::npos) << late.body;
}

TEST_F(http_server, runs_a_named_call_once) {
    start();
    const std::string pay = http_post("/Shop.pay", "[7]", "Idempotency-Key: order-1\r\n");
    EXPECT_EQ(ask(pay).body, "7");
    EXPECT_EQ(ask(pay).body, "7");
    EXPECT_EQ(handler->calls, 1);
    EXPECT_EQ(ask(http_post("/Shop.pay", "[8]", "Idempotency-Key: order-1\r\n")).status, 400);
    EXPECT_EQ(handler->calls, 1);
}

TEST_F(http_server, answers_a_client_that_has_ended_its_side) {
    start();
    raw_socket wire = connect();
    wire.send(http_post("/Shop.held", "[5]"));
    wire.half_close();
    ASSERT_TRUE(handler->gate.await(1));
    handler->gate.open();
    EXPECT_EQ(receive_http(wire).value().body, "5");
    EXPECT_TRUE(wire.closed_by_peer());
    raw_socket cut = connect();
    cut.send(http_post("/Shop.add", "[5,3]").substr(0, 60));
    cut.half_close();
    EXPECT_EQ(cut.receive_all(), "");
    EXPECT_TRUE(cut.closed_by_peer());
}

TEST_F(http_server, takes_a_body_in_chunks_after_a_leave_to_send_it) {
    start();
    raw_socket wire = connect();
    wire.send(
        "POST /Shop.add HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    EXPECT_EQ(receive_http(wire).value().status, 100);
    for (const std::string_view part : {"1\r\n[\r\n", "3;x=y\r\n5,3\r\n", "1\r\n]\r", "\n0\r\nX: y\r\n", "\r\n"})
        wire.send(part);
    EXPECT_EQ(receive_http(wire).value().body, "8");
}

TEST_F(http_server, says_that_a_body_is_too_long_while_it_is_still_sent) {
    start();
    raw_socket wire = connect();
    const std::string request = http_post("/", std::string((4u << 20) + 1, 'x'));
    std::thread sending([&] { wire.send(request); });
    const auto answer = receive_http(wire);
    sending.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 413);
    EXPECT_NE(answer->body.find("limits.frame"), std::string::npos);
    EXPECT_EQ(ask(http_post("/", std::string(4u << 20, 'x'))).status, 200);  // no JSON, but no longer than allowed
}

TEST_F(http_server, gives_each_request_its_own_answer_whatever_its_messages_ask_for) {
    start();
    constexpr std::string_view ping = R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":1}})";
    raw_socket wire = connect();
    wire.send(http_post("/", "[" + std::string{ping} + "," + message(1, "Shop.held", "[7]") + "]") +
              http_post("/Shop.add", "[5,3]") + http_post("/", ping) + http_post("/Shop.add", "[1,1]"));
    handler->gate.open();
    for (const std::string_view body : {R"([{"jsonrpc":"2.0","id":1,"result":7}])", "8", "", "2"}) {
        const auto answer = receive_http(wire);
        ASSERT_TRUE(answer) << body;
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, body);
    }
}

TEST_F(http_server, does_not_wait_for_ever_for_the_rest_of_a_request) {
    farcall::server_options options;
    options.limits.handshake = options.limits.idle = 100ms;
    start(options);
    const std::string chunks =
        "POST /Shop.add HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n";
    for (const std::string& part : {std::string{"P"}, http_post("/Shop.add", "[5,3]").substr(0, 40),
                                    http_post("/Shop.add", "[5,3]").substr(0, 90), chunks}) {
        raw_socket wire = connect();
        wire.send(part);
        const auto answer = receive_http(wire);
        ASSERT_TRUE(answer) << part;
        EXPECT_EQ(answer->status, 408);
        EXPECT_TRUE(wire.closed_by_peer(5s)) << part;
    }
    EXPECT_EQ(handler->calls, 0);
}

TEST_F(http_server, counts_what_it_holds_of_bodies_in_chunks) {
    farcall::server_options options;
    options.limits.buffered = 200'000;
    start(options);
    raw_socket wire = connect();
    wire.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: "
        "chunked\r\n\r\n40000\r\n" +
        std::string(250'000, ' '));
    const auto answer = receive_http(wire);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
    EXPECT_NE(answer->body.find("limits.buffered"), std::string::npos);
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(http_server, says_goodbye_with_the_last_answer) {
    start();
    raw_socket wire = connect(), idle = connect();
    wire.send(http_post("/Shop.held", "[5]"));
    idle.send(http_post("/Shop.add", "[5,3]"));
    ASSERT_TRUE(receive_http(idle));
    ASSERT_TRUE(handler->gate.await(1));
    std::thread stopping([&] { server->stop(); });
    EXPECT_TRUE(idle.closed_by_peer());
    handler->gate.open();
    const auto answer = receive_http(wire);
    stopping.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "5");
    EXPECT_TRUE(answer->says("Connection: close"));
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(http_server, tells_who_is_in_the_middle_of_a_request_that_it_stops) {
    start();
    raw_socket wire = connect();
    const std::string request = http_post("/Shop.add", "[5,3]");
    wire.send(http_get("/healthz") + request.substr(0, 60));
    ASSERT_TRUE(receive_http(wire));
    raw_socket idle = connect();
    idle.send(http_get("/healthz"));
    ASSERT_TRUE(receive_http(idle));
    std::thread stopping([&] { server->stop(); });
    // Connections are told in the order in which they came.
    EXPECT_TRUE(idle.closed_by_peer());
    wire.send(request.substr(60));
    const auto answer = receive_http(wire);
    EXPECT_TRUE(wire.closed_by_peer());
    wire.close();
    stopping.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
    EXPECT_NE(answer->body.find(R"("executed":"no")"), std::string::npos) << answer->body;
    EXPECT_TRUE(answer->says("Connection: close"));
    EXPECT_EQ(handler->calls, 0);
}

TEST_F(http_server, refuses_options_that_cannot_be) {
    for (farcall::http_options wrong :
         {farcall::http_options{.hosts = {"http://a"}}, farcall::http_options{.origins = {"a"}},
          farcall::http_options{.notification_status = 500}}) {
        farcall::server_options options;
        options.http = std::move(wrong);
        farcall::server broken{options};
        broken.listen(0);
        EXPECT_THROW(broken.start(), farcall::error);
    }
}

class server_health : public http_server {
protected:
    std::string health(std::string_view params) const {
        return ask(http_post("/", message(1, "rpc.health", params))).body;
    }
};

TEST_F(server_health, is_told_of_the_server_and_of_each_service) {
    start();
    const std::string all = R"({"status":"serving","services":{"Shop":"serving"}})";
    EXPECT_EQ(ask(http_get("/healthz")).status, 200);
    const http_response ready = ask(http_get("/readyz"));
    EXPECT_EQ(ready.status, 200);
    EXPECT_EQ(ready.body, all);
    EXPECT_EQ(ask(http_get("/readyz/Shop")).body, R"({"status":"serving"})");
    EXPECT_EQ(ask(http_get("/readyz/Shed")).status, 404);
    EXPECT_EQ(ask(http_get("/readyz/")).status, 404);
    EXPECT_EQ(ask(http_get("/readyzx")).status, 404);
    EXPECT_EQ(health("{}"), R"({"jsonrpc":"2.0","id":1,"result":)" + all + "}");
    EXPECT_EQ(health(R"({"service":"Shop"})"), R"({"jsonrpc":"2.0","id":1,"result":{"status":"serving"}})");
    EXPECT_NE(health(R"({"service":"Shed"})").find("-32005"), std::string::npos);
    EXPECT_NE(health(R"({"service":5})").find("-32602"), std::string::npos);
    EXPECT_EQ(ask(http_post("/rpc.health", "")).body, all);
    raw_socket native = connect();
    native.send_frame(R"({"jsonrpc":"2.0","id":1,"method":"rpc.health"})");
    EXPECT_EQ(native.receive(), R"({"jsonrpc":"2.0","id":1,"result":)" + all + "}");
}

TEST_F(server_health, is_what_the_application_says) {
    start();
    server->serving("Shop", false);
    EXPECT_EQ(ask(http_get("/readyz/Shop")).status, 503);
    EXPECT_EQ(ask(http_get("/readyz")).status, 200);
    EXPECT_EQ(ask(http_get("/readyz")).body, R"({"status":"serving","services":{"Shop":"not_serving"}})");
    server->serving(false);
    EXPECT_EQ(ask(http_get("/readyz")).status, 503);
    EXPECT_EQ(ask(http_get("/healthz")).status, 200);
    EXPECT_EQ(ask(http_post("/Shop.add", "[5,3]")).body, "8");
    server->serving(true).serving("Shop", true);
    EXPECT_EQ(ask(http_get("/readyz/Shop")).status, 200);
    EXPECT_THROW(server->serving("Shed", false), farcall::error);
    EXPECT_THROW(server->serving("", false), farcall::error);
}

TEST_F(server_health, is_not_ready_before_it_stops) {
    farcall::server_options options;
    options.drain_notice = 1h;
    start(options);
    raw_socket kept = connect();
    kept.send(http_get("/readyz"));
    EXPECT_EQ(receive_http(kept).value().status, 200);
    std::thread stopping([&] { server->stop(); });
    // New connections are taken, calls are answered, and whoever asks hears that it ends.
    while (ask(http_get("/readyz")).status != 503) std::this_thread::yield();
    EXPECT_EQ(ask(http_get("/healthz")).status, 200);
    EXPECT_EQ(ask(http_post("/Shop.add", "[5,3]")).body, "8");
    EXPECT_EQ(ask(http_get("/readyz/Shop")).status, 503);
    kept.send(http_get("/readyz"));
    EXPECT_EQ(receive_http(kept).value().status, 503);
    // Once more ends the notice.
    std::thread hurrying([&] { server->stop(); });
    EXPECT_TRUE(kept.closed_by_peer());
    kept.close();
    hurrying.join();
    stopping.join();
    EXPECT_THROW(connect(), std::runtime_error);
}

TEST_F(server_health, gives_notice_for_as_long_as_it_is_told_to) {
    farcall::server_options options;
    options.drain_notice = 50ms;
    start(options);
    const auto before = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
    EXPECT_THROW(connect(), std::runtime_error);
}

TEST_F(server_health, is_not_waited_for_by_who_stops_at_once) {
    farcall::server_options options;
    options.drain_notice = 1h;
    start(options);
    server->stop(0ms);
    EXPECT_THROW(connect(), std::runtime_error);
}

}  // namespace
