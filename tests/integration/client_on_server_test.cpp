#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <farcall.hpp>

#include "integration/gate.hpp"

/// A client on the event loop of a server's thread: a server that calls another one.
namespace {

using namespace std::chrono_literals;

RPC_SERVICE(Relayed,
    (twice, int(int value), farcall::readonly),
    (held,  int(int value)))

RPC_SERVICE(Relay,
    (twice,   int(int value), farcall::readonly),
    (held,    int(int value)),
    (blocked, std::string(int value)))

struct relayed {
    int twice(int value) const { return 2 * value; }
    boost::asio::awaitable<int> held(int value) {
        co_await waiting->wait();
        co_return value;
    }
    std::shared_ptr<integration::gate> waiting;
};

struct relay {
    boost::asio::awaitable<int> twice(int value) {
        const auto before = std::this_thread::get_id();
        const Relayed::proxy next{co_await boost::asio::this_coro::executor, url};
        const int got = co_await next.twice(value, boost::asio::use_awaitable);
        EXPECT_EQ(std::this_thread::get_id(), before);
        co_return got;
    }
    boost::asio::awaitable<int> held(int value) {
        const Relayed::proxy next{co_await boost::asio::this_coro::executor, url};
        co_return co_await next.held(value, boost::asio::use_awaitable);
    }
    boost::asio::awaitable<std::string> blocked(int value) {
        const Relayed::proxy next{co_await boost::asio::this_coro::executor, url};
        const farcall::result<int> got = next.twice(value, farcall::as_result);
        co_return got ? "it ran" : got.error().message();
    }

    std::string url;
};

class client_on_server : public ::testing::Test {
protected:
    client_on_server() {
        behind.add<Relayed>(relayed{waiting});
        behind.listen(0);
        behind.start();
        front.add<Relay>(relay{behind.endpoints().front().url()});
        front.listen(0);
        front.start();
    }
    ~client_on_server() override { waiting->open(); }

    std::shared_ptr<integration::gate> waiting = std::make_shared<integration::gate>();
    farcall::server behind;
    farcall::server front;
};

TEST_F(client_on_server, is_answered_on_the_thread_of_the_handler) {
    const Relay::proxy proxy{front.endpoints().front().url()};
    for (int i = 0; i < 20; ++i) EXPECT_EQ(proxy.twice(i), 2 * i);
}

TEST_F(client_on_server, must_not_block_the_thread_that_does_its_io) {
    const Relay::proxy proxy{front.endpoints().front().url()};
    EXPECT_NE(proxy.blocked(1).find("would wait for itself"), std::string::npos) << proxy.blocked(1);
}

TEST_F(client_on_server, goes_with_the_loop_while_its_call_waits) {
    const Relay::proxy proxy{front.endpoints().front().url()};
    EXPECT_EQ(proxy.twice(1), 2);
    std::thread caller([&] { EXPECT_FALSE(proxy.held(1, farcall::as_result)); });
    EXPECT_TRUE(waiting->await(1));
    front.stop(0ms);
    caller.join();
}

}  // namespace
