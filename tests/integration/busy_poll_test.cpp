#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <farcall.hpp>

#include "integration/gate.hpp"

/// Clients and servers that look for what has come before they go to sleep, and threads that share one proxy.
namespace {

using namespace std::chrono_literals;

RPC_SERVICE(Watch,
    (add, int(int a, int b), farcall::readonly),
    (held, int(int value)),
    (work, int(int value), farcall::blocking))

struct watch {
    int add(int a, int b) const { return a + b; }
    boost::asio::awaitable<int> held(int value) {
        co_await waiting->wait();
        co_return value;
    }

    /// Deaf to deadlines: otherwise it could be told of its end, and answer, before the client looks at its own clock.
    int work(int value) {
        waiting->wait_blocking();
        return value;
    }

    std::shared_ptr<integration::gate> waiting;
};

/// The parameter: how long both sides look.
class busy_poll_of_both_sides : public ::testing::TestWithParam<std::chrono::microseconds> {
protected:
    busy_poll_of_both_sides() : server(farcall::server_options{.busy_poll = GetParam()}) {
        server.add<Watch>(watch{waiting});
        server.listen(0);
        server.start();
    }
    ~busy_poll_of_both_sides() override { waiting->open(); }

    farcall::client_options options() const { return {.busy_poll = GetParam()}; }
    std::string url() const { return server.endpoints().front().url(); }

    std::shared_ptr<integration::gate> waiting = std::make_shared<integration::gate>();
    farcall::server server;
};

TEST_P(busy_poll_of_both_sides, answers_blocking_calls) {
    const Watch::proxy proxy{url(), options()};
    for (int i = 0; i < 200; ++i) ASSERT_EQ(proxy.add(i, 1), i + 1);
}

TEST_P(busy_poll_of_both_sides, answers_calls_of_the_clients_own_thread) {
    const Watch::proxy proxy{url(), options()};
    std::vector<std::future<int>> sums;
    for (int i = 0; i < 200; ++i) sums.push_back(proxy.add(i, 1, boost::asio::use_future));
    for (int i = 0; i < 200; ++i) EXPECT_EQ(sums[static_cast<std::size_t>(i)].get(), i + 1);
}

TEST_P(busy_poll_of_both_sides, goes_to_sleep_for_an_answer_that_takes_longer) {
    const Watch::proxy proxy{url(), options()};
    auto late = proxy.held(7, boost::asio::use_future);
    EXPECT_EQ(proxy.add(5, 3), 8);
    waiting->open();
    EXPECT_EQ(late.get(), 7);
}

TEST_P(busy_poll_of_both_sides, gives_up_a_call_at_its_deadline) {
    const Watch::proxy proxy{url(), options()};
    const auto end = farcall::with(proxy, farcall::timeout{20ms}).work(7, farcall::as_result);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), farcall::status::deadline_exceeded);
}

TEST_P(busy_poll_of_both_sides, lets_threads_share_a_proxy) {
    const Watch::proxy proxy{url(), options()};
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 100; ++i) {
                if (i % 10 == 9)
                    right += proxy.add(t, i, boost::asio::use_future).get() == t + i;
                else
                    right += proxy.add(t, i) == t + i;
            }
        });
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(right, 800);
}

TEST_P(busy_poll_of_both_sides, lets_only_blocking_threads_share_a_proxy) {
    const Watch::proxy proxy{url(), options()};
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 100; ++i) right += proxy.add(t, i) == t + i;
        });
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(right, 800);
}

TEST_P(busy_poll_of_both_sides, ends_a_client_and_a_server_that_look) {
    {
        const Watch::proxy proxy{url(), options()};
        proxy.add(5, 3, [](const farcall::result<int>&) {});
    }
    server.stop();
    EXPECT_FALSE(Watch::proxy(url(), options()).add(5, 3, farcall::as_result));
}

INSTANTIATE_TEST_SUITE_P(off, busy_poll_of_both_sides, ::testing::Values(0us));
INSTANTIATE_TEST_SUITE_P(short_look, busy_poll_of_both_sides, ::testing::Values(50us));
INSTANTIATE_TEST_SUITE_P(long_look, busy_poll_of_both_sides, ::testing::Values(2'000us));

}  // namespace
