#include <farcall.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

RPC_SERVICE(RunEcho,
    (echo, std::string(std::string text)))

namespace {

struct run_echo {
    std::string echo(std::string text) { return text; }
};

struct server_run : testing::Test {
    server_run() {
        server.add<RunEcho>(run_echo{});
        server.listen(0);
    }
    std::string url() const { return server.endpoints().front().url(); }

    farcall::server server;
};

TEST_F(server_run, answers_calls_by_the_time_it_says_that_it_has_started) {
    std::string answer;
    server.run([&] {
        answer = RunEcho::proxy{url()}.echo("hello");
        server.stop();
    });
    EXPECT_EQ(answer, "hello");
}

TEST_F(server_run, catches_a_signal_that_comes_as_soon_as_it_says_that_it_has_started) {
    server.run([] { std::raise(SIGTERM); });
    EXPECT_THROW(RunEcho::proxy{url()}.echo("hello"), farcall::error);
}

TEST_F(server_run, catches_an_interrupt_as_well) {
    server.run([] { std::raise(SIGINT); });
    SUCCEED() << "the process is still there";
}

TEST_F(server_run, stops_and_throws_what_the_function_throws) {
    EXPECT_THROW(server.run([] { throw std::runtime_error{"no terminal"}; }), std::runtime_error);
    EXPECT_THROW(RunEcho::proxy{url()}.echo("hello"), farcall::error);
}

TEST_F(server_run, ends_when_another_thread_stops_the_server) {
    std::thread stopping;
    server.run([&] { stopping = std::thread{[&] { server.stop(); }}; });
    stopping.join();
    EXPECT_THROW(RunEcho::proxy{url()}.echo("hello"), farcall::error);
}

TEST_F(server_run, calls_nothing_when_it_cannot_start) {
    farcall::server nowhere;
    bool called = false;
    EXPECT_THROW(nowhere.run([&] { called = true; }), farcall::error);
    EXPECT_FALSE(called);
}

}  // namespace
