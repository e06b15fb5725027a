#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <farcall.hpp>
#include <farcall/retry/exponential_backoff.hpp>

#include "integration/child.hpp"

/// A server that is stopped by a signal and started again, under clients that go on calling: real processes and sockets.
namespace {

using namespace std::chrono_literals;

using integration::child;
using integration::tell;

RPC_SERVICE(Twice, (twice, int(int value), farcall::idempotent))

struct twice {
    boost::asio::awaitable<int> operator()(int value) const {
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 1ms};
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return 2 * value;
    }
};

TEST(child_process, DISABLED_serves_twice_until_a_signal) {
    farcall::server server;
    server.add("Twice.twice", twice{});
    server.listen("tcp://127.0.0.1:" + std::string{integration::argument()});
    server.run([&] { tell(std::to_string(server.port())); });
    tell("ended");
}

TEST(restarts, of_a_process_under_load_lose_no_answer) {
    constexpr int restarts = 20;
    auto serving = std::make_unique<child>("serves_twice_until_a_signal", "0");
    const std::string port = serving->line();
    farcall::client_options options;
    options.limits.attempts = 10'000;
    options.retry_budget = {.share = 100, .per_second = 10'000};
    Twice::basic_proxy<farcall::exponential_backoff> proxy{
        "tcp://127.0.0.1:" + port, {.max_attempts = 10'000, .initial_delay = 2ms, .max_delay = 20ms}, options};
    const auto patient = farcall::with(proxy, farcall::timeout{60s});

    std::atomic<bool> stopping{false};
    std::counting_semaphore<> answered{0};
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c)
        clients.emplace_back([&, c] {
            for (int i = c * 1'000'000; !stopping; ++i) {
                const auto end = patient.twice(i, farcall::as_result);
                EXPECT_TRUE(end) << end.error().what();
                if (!end) return;
                EXPECT_EQ(*end, 2 * i);
                answered.release();
            }
        });
    for (int i = 0; i < restarts; ++i) {
        // Each server answers some before its end.
        for (int more = 50; more != 0; --more) EXPECT_TRUE(answered.try_acquire_for(20s));
        while (answered.try_acquire()) {
        }
        serving->signal(SIGTERM);
        EXPECT_EQ(serving->line(), "ended");
        EXPECT_EQ(serving->wait(), 0);
        serving = std::make_unique<child>("serves_twice_until_a_signal", port);
        EXPECT_EQ(serving->line(), port);
    }
    stopping = true;
    for (std::thread& each : clients) each.join();
}

}  // namespace
