#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <farcall.hpp>
#include <farcall/protocol/websocket/handshake.hpp>

#include "integration/gate.hpp"
#include "integration/raw_socket.hpp"

/// The same proxies over native frames, WebSocket and HTTP.
namespace {

using farcall::executed;
using farcall::status;
using integration::patience;
using integration::raw_socket;
using namespace std::chrono_literals;
namespace asio = boost::asio;

struct broken_scales {
    int grams = 0;
    const char* what() const noexcept { return "the scales are broken"; }
};

RPC_SERVICE(Store,
    (add, int(int a, int b), farcall::readonly),
    (weigh, int(int grams), farcall::throws<broken_scales>),
    (echo, std::string(std::string text)),
    (held, int(int value)),
    (tenant, std::string()),
    (header, std::string(std::string name)),
    (left, std::int64_t()),
    (pay, int(int amount), farcall::exactly_once),
    (note, void(std::string text)))

struct storekeeper {
    int add(int a, int b) const { return a + b; }
    int weigh(int grams) const { throw broken_scales{grams}; }
    std::string echo(std::string text) const { return text; }
    asio::awaitable<int> held(farcall::context& call, int value) {
        const std::stop_callback told{call.stop(), [this] { stopped = true; stopped.notify_all(); }};
        co_await waiting.wait();
        // The same end whoever sees first that the time is over, the client or the server.
        if (call.stop().stop_requested()) throw farcall::error{status::deadline_exceeded, "too late"};
        co_return value;
    }
    std::string tenant(farcall::context& call) const {
        return std::string{call.headers().get("tenant").value_or("nobody")} +
               std::string{call.headers().get("Content-Type").value_or("")};
    }
    std::string header(farcall::context& call, std::string name) const {
        return std::string{call.headers().get(name).value_or("nothing")};
    }
    std::int64_t left(farcall::context& call) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline() - std::chrono::steady_clock::now()).count();
    }
    int pay(int amount) { return paid += amount; }
    void note(std::string) { ++notes; }

    std::atomic<int> paid{0};
    std::atomic<int> notes{0};
    integration::gate waiting;
    std::atomic<bool> stopped{false};
};

class client_protocol : public ::testing::TestWithParam<const char*> {
protected:
    client_protocol() { open(0); }
    ~client_protocol() override { handler->waiting.open(); }

    void open(std::uint16_t port) {
        server.emplace();
        server->on_connect([this](farcall::peer&) { ++connections; });
        server->add<Store>(handler);
        server->listen(port);
        server->start();
        url = std::string{GetParam()} + "://127.0.0.1:" + std::to_string(server->port());
    }
    bool http() const { return GetParam() == std::string_view{"http"}; }

    std::shared_ptr<storekeeper> handler = std::make_shared<storekeeper>();
    std::atomic<int> connections{0};
    std::optional<farcall::server> server;
    std::string url;
};

INSTANTIATE_TEST_SUITE_P(all, client_protocol, ::testing::Values("tcp", "ws", "http"),
                         [](const auto& one) { return std::string{one.param}; });

TEST_P(client_protocol, answers_calls_on_one_connection) {
    Store::proxy proxy{url};
    for (int i = 0; i < 100; ++i) ASSERT_EQ(proxy.add(i, 1), i + 1);
    const std::string text(3 << 20, 'x');
    EXPECT_EQ(proxy.echo(text), text);
    EXPECT_EQ(proxy.echo("\u00e9\n\"\\"), "\u00e9\n\"\\");
    EXPECT_EQ(connections, 1);
    EXPECT_EQ(farcall::client{url}.call<int>("Store.add", 5, 3), 8);
}

TEST_P(client_protocol, brings_errors_as_they_are) {
    Store::proxy proxy{url};
    try {
        proxy.weigh(7);
        FAIL();
    } catch (const broken_scales& caught) {
        EXPECT_EQ(caught.grams, 7);
    }
    farcall::client client{url};
    const auto unknown = client.try_call("Store.ad", 1, 2);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().status(), status::unimplemented);
    const auto misfit = client.try_call("Store.add", "5", 3);
    EXPECT_EQ(misfit.error().status(), status::invalid_argument);
    EXPECT_EQ(misfit.error().path(), "/0");
    EXPECT_EQ(proxy.add(5, 3), 8);
    EXPECT_EQ(connections, 2);
}

TEST_P(client_protocol, brings_metadata_and_deadlines) {
    Store::proxy proxy{url};
    EXPECT_EQ(proxy.tenant(), "nobody");
    EXPECT_EQ(farcall::with(proxy, farcall::metadata{{"tenant", "a7 \u00e9"}}).tenant(), "a7 \u00e9");
    // What belongs to HTTP itself travels in the message.
    EXPECT_EQ(farcall::with(proxy, farcall::metadata{{"tenant", "a7"}, {"content-type", "mine"}}).tenant(), "a7mine");
    EXPECT_EQ(farcall::with(proxy, farcall::metadata{{"tenant", std::string(7000, 'x')}}).tenant().size(), 7000u);
    const std::int64_t left = farcall::with(proxy, farcall::timeout{5s}).left();
    EXPECT_GT(left, 3000);
    EXPECT_LE(left, 5000);
}

TEST_P(client_protocol, brings_metadata_whatever_it_means_to_http) {
    Store::proxy proxy{url};
    for (const char* name : {"Origin", "Cookie", "Accept-Language", "Sec-Fetch-Mode", "Proxy-Authorization", "Timeout-Ms",
                             "Idempotency-Key", "traceparent", "Content-Language", "Referer", "Host", "Connection"})
        EXPECT_EQ(farcall::with(proxy, farcall::metadata{{name, "a7"}}).header(name), "a7") << name;
    EXPECT_EQ(farcall::with(proxy, farcall::metadata{{"tenant", " a7 "}}).header("tenant"), " a7 ");
    farcall::metadata many;
    for (std::size_t i = 0; i < farcall::metadata::max_entries; ++i) many.set("k" + std::to_string(i), "a7");
    EXPECT_EQ(farcall::with(proxy, many).header("k63"), "a7");
    EXPECT_EQ(connections, 1);
}

TEST_P(client_protocol, serves_many_threads) {
    Store::proxy proxy{url};
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) good += proxy.add(t, i) == t + i ? 1 : 0;
        });
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(good, 400);
    std::vector<std::future<int>> later;
    for (int i = 0; i < 200; ++i) later.push_back(proxy.add(i, 0, asio::use_future));
    for (int i = 0; i < 200; ++i) EXPECT_EQ(later[static_cast<std::size_t>(i)].get(), i);
    EXPECT_EQ(connections, 1);
}

TEST_P(client_protocol, gives_a_call_up_and_goes_on) {
    Store::proxy proxy{url};
    const auto late = farcall::with(proxy, farcall::timeout{50ms}).held(1, farcall::as_result);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().status(), status::deadline_exceeded);
    handler->stopped.wait(false);  // by a message, or by its own deadline
    handler->waiting.open();
    EXPECT_EQ(proxy.add(5, 3), 8);
    // Over HTTP the next call cannot go where the answer of this one may still come.
    EXPECT_LE(connections, http() ? 2 : 1);
}

TEST_P(client_protocol, runs_exactly_once) {
    Store::proxy proxy{url};
    EXPECT_EQ(proxy.pay(5), 5);
    EXPECT_EQ(proxy.pay(5), 10);
    const auto keyed = farcall::with(proxy, farcall::idempotency_key{"order-1"});
    EXPECT_EQ(keyed.pay(7), 17);
    EXPECT_EQ(keyed.pay(7), 17);
}

TEST_P(client_protocol, sends_what_is_not_answered_before_it_ends) {
    {
        Store::proxy proxy{url};
        for (int i = 0; i < 10; ++i) proxy.note("x", farcall::notify);
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    while (handler->notes < 10 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(handler->notes, 10);
}

TEST_P(client_protocol, connects_anew_after_a_restart) {
    Store::basic_proxy<farcall::exponential_backoff> proxy{url, {.max_attempts = 4, .initial_delay = 1ms}};
    // On a thread of its own: a connection that nobody looks after is not seen to end.
    EXPECT_EQ(proxy.add(5, 3, asio::use_future).get(), 8);
    const std::uint16_t port = server->port();
    server->stop();
    server->wait();
    open(port);
    const auto end = farcall::with(proxy, farcall::wait_for_ready).add(5, 3, farcall::as_result);
    EXPECT_EQ(end ? *end : 0, 8) << (end ? "" : end.error().message());
}

TEST_P(client_protocol, finishes_what_a_stopping_server_has_taken) {
    Store::proxy proxy{url};
    proxy.add(1, 1);
    auto held = proxy.held(7, asio::use_future);
    ASSERT_TRUE(handler->waiting.await(1));
    std::thread stopping{[&] { server->stop(); }};
    handler->waiting.open();
    EXPECT_EQ(held.get(), 7);
    stopping.join();
    server->wait();
}

TEST_P(client_protocol, does_not_leak_a_call_of_a_client_that_ends) {
    auto proxy = std::make_unique<Store::proxy>(url);
    auto held = proxy->held(7, asio::use_future);
    auto second = proxy->held(8, asio::use_future);
    proxy.reset();
    handler->waiting.open();
    EXPECT_EQ(held.get() + second.get(), 15);
}

TEST_P(client_protocol, ends_at_once_when_nobody_waits) {
    const auto began = std::chrono::steady_clock::now();
    {
        Store::proxy impatient{url};
        EXPECT_FALSE(farcall::with(impatient, farcall::timeout{20ms}).held(1, farcall::as_result));
    }
    {
        Store::proxy proxy{url};
        EXPECT_EQ(proxy.add(5, 3, asio::use_future).get(), 8);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 900ms);
}

/// A server of a few lines, for one connection after another.
class scripted {
public:
    using connection = std::function<void(raw_socket&)>;

    explicit scripted(std::vector<connection> all) : thread_([this, all = std::move(all)] {
        for (const connection& each : all) {
            raw_socket wire = listener_.accept();
            each(wire);
        }
    }) {}
    ~scripted() { thread_.join(); }

    std::string url(std::string_view scheme) const { return std::string{scheme} + listener_.url().substr(3) + "/rpc"; }

    /// The head and the body of a request.
    static std::string request(raw_socket& wire) {
        std::string head;
        std::size_t length = 0;
        for (auto line = wire.receive_line(); line && *line != "\r"; line = wire.receive_line()) {
            if (line->starts_with("Content-Length: ")) length = std::stoul(line->substr(16));
            head += *line + '\n';
        }
        return head + wire.receive_bytes(length);
    }
    static std::string reply(const std::string& request, std::string_view head) {
        const std::size_t at = request.find(R"("id":)") + 5;
        const std::string body = R"({"jsonrpc":"2.0","id":)" + request.substr(at, request.find(',', at) - at) + R"(,"result":8})";
        return std::string{head} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

private:
    integration::raw_listener listener_;
    std::thread thread_;
};

TEST(server, listens_to_no_single_protocol) {
    farcall::server server;
    for (const std::string scheme : {"ws", "http"}) {
        try {
            server.listen(scheme + "://127.0.0.1:0/rpc");
            ADD_FAILURE() << scheme;
        } catch (const farcall::error& why) {
            EXPECT_EQ(why.status(), status::invalid_argument);
            EXPECT_EQ(why.message(), "a server speaks all its protocols on one port: listen on tcp://127.0.0.1:0, not on " +
                                         scheme + "://127.0.0.1:0/rpc");
        }
    }
}

TEST(http_client, loses_no_call_with_a_server_that_closes_after_each) {
    constexpr std::size_t calls = 5;
    std::vector<scripted::connection> each(calls, [](raw_socket& wire) {
        wire.send(scripted::reply(scripted::request(wire), "HTTP/1.0 200 OK\r\n"));
        wire.close();
    });
    scripted server{each};
    Store::proxy proxy{server.url("http")};
    std::vector<std::future<int>> all;
    for (std::size_t i = 0; i < calls; ++i) all.push_back(proxy.add(5, 3, asio::use_future));
    for (auto& one : all) EXPECT_EQ(one.get(), 8);
}

/// Takes `count` one-way calls, each on a connection of its own.
std::vector<scripted::connection> closing_after_each(std::vector<std::string>& taken, std::size_t count) {
    return std::vector<scripted::connection>(count, [&](raw_socket& wire) {
        const std::string asked = scripted::request(wire);
        taken.push_back(asked.substr(asked.find("\"params\"")));
        wire.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        wire.close();
    });
}
const std::vector<std::string> five_notes{R"("params":["0"]})", R"("params":["1"]})", R"("params":["2"]})",
                                          R"("params":["3"]})", R"("params":["4"]})"};

TEST(http_client, loses_no_one_way_call_with_a_server_that_closes_after_each) {
    std::vector<std::string> taken;
    {
        scripted server{closing_after_each(taken, 5)};
        // The proxy's end waits for them.
        Store::proxy proxy{server.url("http"), farcall::client_options{.timeout = 0ms}};
        for (int i = 0; i < 5; ++i) proxy.note(std::to_string(i), farcall::notify);
    }
    EXPECT_EQ(taken, five_notes);
}

TEST(http_client, loses_no_one_way_call_on_the_users_loop_although_the_proxy_is_gone) {
    std::vector<std::string> taken;
    asio::io_context context;
    {
        scripted server{closing_after_each(taken, 5)};
        {
            Store::proxy proxy{context, server.url("http")};
            for (int i = 0; i < 5; ++i) proxy.note(std::to_string(i), farcall::notify);
        }
        context.run_for(patience);
        EXPECT_TRUE(context.stopped()) << "nothing keeps the loop when all is sent";
    }
    EXPECT_EQ(taken, five_notes);
}

TEST(http_client, goes_on_after_a_call_that_is_never_answered) {
    std::promise<void> asked;
    scripted server{{[&](raw_socket& wire) {
                         scripted::request(wire);
                         asked.set_value();
                         EXPECT_TRUE(wire.closed_by_peer()) << "given up by the caller";
                     },
                     [](raw_socket& wire) {
                         wire.send(scripted::reply(scripted::request(wire), "HTTP/1.1 200 OK\r\n"));
                         scripted::request(wire);
                         EXPECT_TRUE(wire.closed_by_peer()) << "its deadline has passed";
                     },
                     [](raw_socket& wire) {
                         for (int i = 0; i < 2; ++i) wire.send(scripted::reply(scripted::request(wire), "HTTP/1.1 200 OK\r\n"));
                         EXPECT_TRUE(wire.closed_by_peer());
                     }}};
    Store::proxy proxy{server.url("http"), farcall::client_options{.timeout = 0ms}};
    std::stop_source stop;
    auto first = farcall::with(proxy, stop.get_token()).add(1, 1, asio::use_future);
    auto held = proxy.add(5, 3, asio::use_future);
    asked.get_future().get();
    stop.request_stop();
    EXPECT_THROW(first.get(), farcall::error);
    EXPECT_EQ(held.get(), 8);
    const auto late = farcall::with(proxy, farcall::timeout{50ms}).add(5, 3, farcall::as_result);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().status(), status::deadline_exceeded);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(proxy.add(5, 3), 8);
}

TEST(http_client, sends_a_call_once_when_the_answer_comes_in_parts) {
    scripted server{{[](raw_socket& wire) {
        const std::string answer = scripted::reply(scripted::request(wire), "HTTP/1.0 200 OK\r\n");
        const std::size_t head = answer.find("\r\n\r\n") + 4;
        wire.send(std::string_view{answer}.substr(0, head));
        EXPECT_FALSE(wire.closed_by_peer(50ms)) << "the call is under way";
        wire.send(std::string_view{answer}.substr(head));
    }}};
    Store::proxy proxy{server.url("http")};
    EXPECT_EQ(proxy.add(5, 3), 8);
}

TEST(http_client, blames_one_call_for_what_a_proxy_says) {
    scripted server{{[](raw_socket& wire) {
        scripted::request(wire);
        wire.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
        wire.send(scripted::reply(scripted::request(wire), "HTTP/1.1 200 OK\r\n"));
        EXPECT_TRUE(wire.closed_by_peer());
    }}};
    Store::proxy proxy{server.url("http")};
    auto refused = proxy.add(1, 1, asio::use_future);
    auto good = proxy.add(5, 3, asio::use_future);
    EXPECT_THROW(refused.get(), farcall::error);
    EXPECT_EQ(good.get(), 8);
}

TEST(websocket_client, says_why_a_server_does_not_open) {
    scripted server{{[](raw_socket& wire) {
        EXPECT_NE(scripted::request(wire).find("GET /rpc HTTP/1.1"), std::string::npos);
        wire.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        EXPECT_TRUE(wire.closed_by_peer());
    }}};
    Store::proxy proxy{server.url("ws")};
    const auto end = proxy.add(5, 3, farcall::as_result);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_EQ(end.error().message(), "the server did not open a WebSocket: HTTP 403 Forbidden");
}

TEST(websocket_client, does_not_wait_for_ever_for_the_handshake) {
    const auto silent = [](raw_socket& wire) { EXPECT_TRUE(wire.closed_by_peer()); };
    scripted server{{silent, silent}};
    {
        Store::proxy proxy{server.url("ws"), farcall::client_options{.connect_timeout = 100ms}};
        const auto end = proxy.add(5, 3, farcall::as_result);
        ASSERT_FALSE(end);
        EXPECT_NE(end.error().message().find("connect_timeout"), std::string::npos) << end.error().message();
        EXPECT_EQ(end.error().executed(), executed::no);
    }
    Store::proxy proxy{server.url("ws")};
    const auto end = farcall::with(proxy, farcall::timeout{100ms}).add(5, 3, farcall::as_result);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
}

TEST(websocket_client, can_be_closed_while_it_opens) {
    std::promise<void> asked;
    scripted server{{[&](raw_socket& wire) {
        scripted::request(wire);
        asked.set_value();
        EXPECT_TRUE(wire.closed_by_peer());
    }}};
    farcall::client client{server.url("ws")};
    auto end = client.async_call<int>(asio::use_future, "Store.add", 5, 3);
    asked.get_future().get();
    client.close();
    try {
        end.get();
        FAIL();
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.status(), status::cancelled);
        EXPECT_EQ(why.executed(), executed::no);
    }
}

TEST(websocket_client, tells_the_server_that_it_goes) {
    scripted server{{[](raw_socket& wire) {
        const std::string asked = scripted::request(wire);
        const std::size_t at = asked.find("Sec-WebSocket-Key: ") + 19;
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                  farcall::detail::websocket_accept(asked.substr(at, asked.find('\r', at) - at)) + "\r\n\r\n");
        const std::string call = wire.receive_bytes(2);
        wire.receive_bytes(4 + (static_cast<unsigned>(call.at(1)) & 0x7F));
        wire.send("\x81\x24" R"({"jsonrpc":"2.0","id":1,"result": 8})");
        const std::string last = wire.receive_all();
        ASSERT_EQ(last.size(), 8u);
        EXPECT_EQ(last.substr(0, 2), "\x88\x82") << "a close frame, masked, with a code";
    }}};
    Store::proxy proxy{server.url("ws"), farcall::client_options{.timeout = 0ms}};
    EXPECT_EQ(proxy.add(5, 3), 8);
}

}  // namespace
