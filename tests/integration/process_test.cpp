#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>
#include <string>
#include <thread>

#include <farcall.hpp>

#include "integration/child.hpp"
#include "integration/gate.hpp"
#include "integration/raw_socket.hpp"

/// What can only be seen of a whole process: signals, and a limit of the system that is met.
///
/// The child is this program again, with one of the disabled tests below.
namespace {

using namespace std::chrono_literals;

using integration::child;
using integration::tell;

TEST(child_process, DISABLED_serves_until_a_signal) {
    farcall::server server;
    integration::gate never;
    server.add("hang", [&]() -> boost::asio::awaitable<void> {
        tell("hanging");
        co_await never.wait();
    });
    server.add("slow", [&](int value) -> boost::asio::awaitable<int> {
        tell("slow");
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 200ms};
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return value;
    });
    server.listen(0);
    server.run([&] { tell(std::to_string(server.port())); });
    tell("ended");
}

class server_process : public ::testing::TestWithParam<int> {};

TEST_P(server_process, answers_what_it_has_taken_and_exits_with_0) {
    child serving{"serves_until_a_signal"};
    const std::string url = "tcp://127.0.0.1:" + serving.line();
    farcall::client client{url};
    std::vector<std::future<int>> calls;
    for (int i = 0; i < 10; ++i) calls.push_back(client.async_call<int>(boost::asio::use_future, "slow", i));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(serving.line(), "slow");
    serving.signal(GetParam());
    for (int i = 0; i < 10; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get(), i);
    EXPECT_EQ(serving.line(), "ended");
    EXPECT_EQ(serving.wait(), 0);
}

TEST_P(server_process, ends_at_once_with_a_second_signal) {
    child serving{"serves_until_a_signal"};
    farcall::client client{"tcp://127.0.0.1:" + serving.line()};
    auto call = client.async_call<void>(farcall::as_result(boost::asio::use_future), "hang");
    EXPECT_EQ(serving.line(), "hanging");
    serving.signal(GetParam());
    serving.signal(GetParam() == SIGINT ? SIGTERM : SIGINT);
    EXPECT_EQ(serving.line(), "ended");
    EXPECT_EQ(serving.wait(), 0);
    EXPECT_EQ(call.get().error().status(), farcall::status::unavailable);
}

INSTANTIATE_TEST_SUITE_P(signal, server_process, ::testing::Values(SIGINT, SIGTERM),
                         [](const auto& info) { return std::string{info.param == SIGINT ? "SIGINT" : "SIGTERM"}; });

TEST(child_process, DISABLED_serves_with_few_descriptors) {
    rlimit few{40, 40};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    farcall::server server;
    server.add("one", [] { return 1; });
    server.listen(0);
    server.start();
    tell(std::to_string(server.port()));
    server.wait();
}

TEST(server_process_without_descriptors, waits_and_recovers) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
    GTEST_SKIP() << "the sanitizer itself needs descriptors, to find out what memory it may read";
#endif
#endif
    child serving{"serves_with_few_descriptors"};
    const auto port = static_cast<std::uint16_t>(std::stoi(serving.line()));
    const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"one"})";
    const std::string answer = R"({"jsonrpc":"2.0","id":1,"result":1})";
    std::vector<integration::raw_socket> many;
    for (int i = 0; i < 60; ++i) {
        many.push_back(integration::raw_socket::connect(port));
        many.back().send_frame(request);
    }
    EXPECT_EQ(many.front().receive(), answer) << "those inside are served";
    EXPECT_EQ(many.back().receive(300ms), std::nullopt) << "the last one is not accepted";
    many.front().send_frame(request);
    EXPECT_EQ(many.front().receive(), answer);
    // When some have left, the rest gets in.
    many.erase(many.begin(), many.begin() + 30);
    EXPECT_EQ(many.back().receive(), answer);
}

TEST(server_in_a_scope, leaves_its_port_free) {
    std::uint16_t port = 0;
    {
        farcall::server server;
        server.add("one", [] { return 1; });
        server.listen(0);
        server.start();
        port = server.port();
        EXPECT_EQ(farcall::client{"tcp://127.0.0.1:" + std::to_string(port)}.call<int>("one"), 1);
    }
    EXPECT_THROW(integration::raw_socket::connect(port), std::runtime_error);
}

TEST(server_in_a_thread, runs_until_a_handler_stops_it) {
    farcall::server server;
    server.add("stop", [&] { server.stop(); });
    server.listen(0);
    std::promise<std::uint16_t> started;
    std::thread running([&] { server.run([&] { started.set_value(server.port()); }); });
    farcall::client{"tcp://127.0.0.1:" + std::to_string(started.get_future().get())}.call<void>("stop");
    running.join();
}

}  // namespace
