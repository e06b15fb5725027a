#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <iostream>
#include <string>
#include <thread>

#include <farcall.hpp>

#include "integration/gate.hpp"
#include "integration/raw_socket.hpp"

/// What can only be seen of a whole process: signals, and a limit of the system that is met.
///
/// The child is this program again, with one of the disabled tests below.
namespace {

using namespace std::chrono_literals;

/// A child process that runs one test and prints the port of its server.
class child {
public:
    explicit child(const std::string& test) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, 4);  // Asio's descriptors would be inherited
        std::string filter = "--gtest_filter=child_process.DISABLED_" + test;
        std::string disabled = "--gtest_also_run_disabled_tests", brief = "--gtest_brief=1", self = "/proc/self/exe";
        char* arguments[] = {self.data(), filter.data(), disabled.data(), brief.data(), nullptr};
        const int failed = ::posix_spawn(&id_, self.c_str(), &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        output_ = ends[0];
        if (failed != 0) throw std::runtime_error{"spawn"};
    }
    ~child() {
        if (id_ > 0) {
            ::kill(id_, SIGKILL);
            ::waitpid(id_, nullptr, 0);
        }
        ::close(output_);
    }

    /// The next line that the child tells; empty if it has ended, or says nothing.
    std::string line() {
        std::string text;
        for (char c = 0;;) {
            pollfd waiting{output_, POLLIN, 0};
            if (::poll(&waiting, 1, 20'000) <= 0 || ::read(output_, &c, 1) != 1 || c == '\n') return text;
            text += c;
        }
    }
    void signal(int number) const { ::kill(id_, number); }

    /// The exit status; −1 if the child does not end, or by a signal.
    int wait() {
        const auto until = std::chrono::steady_clock::now() + integration::patience;
        int status = 0;
        while (::waitpid(id_, &status, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() > until) return -1;
            std::this_thread::sleep_for(1ms);
        }
        id_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t id_ = 0;
    int output_ = -1;
};

void tell(const std::string& line) {
    const std::string text = line + '\n';
    if (::write(3, text.data(), text.size()) < 0) std::abort();
}

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
