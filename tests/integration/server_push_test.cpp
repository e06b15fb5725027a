#include "integration/http_client.hpp"
#include "integration/raw_websocket.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

#include <farcall/client.hpp>
#include <farcall/server.hpp>

/// Events of a server, from threads of its own, to clients on real sockets.
namespace {

using integration::http_ask;
using integration::http_post;
using integration::raw_socket;
using integration::raw_websocket;
using namespace std::chrono_literals;

RPC_SERVICE(News,
    (subscribe, bool()))

struct news {
    std::mutex mutex;
    std::vector<farcall::notifier> listeners;

    bool subscribe(farcall::context& call) {
        const std::lock_guard lock(mutex);
        listeners.push_back(call.peer().notifier);
        return listeners.back().connected();
    }
    /// How many it was sent to.
    int tell(int number) {
        const std::lock_guard lock(mutex);
        int told = 0;
        for (const farcall::notifier& each : listeners) told += each.notify("News.flash", number) ? 1 : 0;
        return told;
    }
};

class server_push : public ::testing::Test {
protected:
    void SetUp() override {
        server.add<News>(std::ref(handler));
        server.listen(0);
        server.start();
    }
    raw_socket connect() { return raw_socket::connect(server.port()); }
    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(server.port()); }

    news handler;
    farcall::server server;
};

constexpr std::string_view subscribe = R"({"jsonrpc":"2.0","id":1,"method":"News.subscribe"})";
constexpr std::string_view subscribed = R"({"jsonrpc":"2.0","id":1,"result":true})";

std::string flash(int number) {
    return R"({"jsonrpc":"2.0","method":"News.flash","params":[)" + std::to_string(number) + "]}";
}

TEST_F(server_push, reaches_lines_native_frames_and_a_websocket_from_another_thread) {
    raw_socket line = connect();
    ASSERT_TRUE(line.send(std::string{subscribe} + "\n"));
    EXPECT_EQ(line.receive_line(), subscribed);
    raw_socket native = connect();
    ASSERT_TRUE(native.send_frame(subscribe));
    EXPECT_EQ(native.receive(), subscribed);
    raw_websocket web{connect()};
    ASSERT_TRUE(web.send_text(subscribe));
    EXPECT_EQ(web.receive(), subscribed);
    std::thread{[&] {
        for (int i = 1; i <= 3; ++i) EXPECT_EQ(handler.tell(i), 3);
    }}.join();
    for (int i = 1; i <= 3; ++i) {
        EXPECT_EQ(line.receive_line(), flash(i));
        EXPECT_EQ(native.receive(), flash(i));
        EXPECT_EQ(web.receive(), flash(i));
    }
}

TEST_F(server_push, has_no_way_to_a_client_of_http) {
    EXPECT_EQ(http_ask(server.port(), http_post("/News.subscribe", "")).body, "false");
    EXPECT_EQ(handler.tell(1), 0);
}

TEST_F(server_push, comes_in_order_while_calls_and_many_threads_go_on) {
    constexpr int threads = 4, each = 500;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<int> told;
    farcall::client_options options;
    options.on_notification = [&](std::string_view, const farcall::json& params) {
        const std::lock_guard lock(mutex);
        told.push_back(params.as<std::vector<int>>().at(0));
        changed.notify_all();
    };
    News::proxy proxy{url(), options};
    ASSERT_TRUE(proxy.subscribe());
    int sent = 0;
    std::vector<std::thread> tellers;
    for (int thread = 0; thread < threads; ++thread)
        tellers.emplace_back([&, thread] {
            for (int i = 0; i < each; ++i) {
                const bool good = handler.tell(thread * each + i) >= 1;
                const std::lock_guard lock(mutex);
                sent += good ? 1 : 0;
            }
        });
    farcall::client other{url()};
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(other.call<farcall::json>("rpc.health").text().find("serving") != std::string_view::npos);
    for (std::thread& teller : tellers) teller.join();
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, 20s, [&] { return told.size() == static_cast<std::size_t>(sent); }));
    EXPECT_EQ(sent, threads * each);
    std::vector<int> last(threads, -1);
    for (const int number : told) {
        EXPECT_LT(last[static_cast<std::size_t>(number / each)], number);
        last[static_cast<std::size_t>(number / each)] = number;
    }
}

TEST_F(server_push, survives_clients_that_come_and_go) {
    std::atomic<bool> done{false};
    std::thread teller([&] {
        while (!done) handler.tell(1);
    });
    for (int i = 0; i < 50; ++i) {
        raw_socket line = connect();
        ASSERT_TRUE(line.send(std::string{subscribe} + "\n"));
        EXPECT_EQ(line.receive_line(), subscribed);
    }
    done = true;
    teller.join();
    server.stop(1s);
    EXPECT_EQ(handler.tell(2), 0);
}

TEST_F(server_push, is_beside_dialects_on_every_protocol) {
    const std::string asked = R"({"request_id":7,"method":"subscribe","params":[],"timestamp":1,"service":"News"})";
    const std::string answered = R"({"request_id":7,"result":true,"error":null,"timestamp":)";
    raw_socket line = connect();
    ASSERT_TRUE(line.send(asked + "\n"));
    EXPECT_TRUE(line.receive_line().value_or("").starts_with(answered));
    const auto page = http_ask(server.port(), http_post("/", asked));
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.body.starts_with(answered)) << "the answer that was kept";
    ASSERT_TRUE(line.send(R"({"method":"subscribe","kwargs":{}})" "\n"));
    EXPECT_EQ(line.receive_line(), R"({"result":true})");
    EXPECT_EQ(http_ask(server.port(), http_post("/", R"({"method":"News.subscribe","params":[],"id":null})")).body, "");
    EXPECT_EQ(http_ask(server.port(), http_post("/", R"({"method":"News.subscribe","params":[],"id":3})")).body,
              R"({"result":false,"error":null,"id":3})");
}

}  // namespace
