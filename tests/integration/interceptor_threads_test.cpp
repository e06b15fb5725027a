#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <farcall.hpp>
#include <farcall/interceptor/coroutine.hpp>
#include <farcall/interceptor/rate_limit.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

RPC_SERVICE(Watched,
    (add, int(int a, int b)),
    (work, int(int a), farcall::blocking),
    (wait, int(int a)),
    (sit, int()))

namespace {

struct watched {
    std::atomic<int>& sitting;

    int add(int a, int b) const { return a + b; }
    int work(int a) const { return a; }
    asio::awaitable<int> wait(int a) const {
        asio::steady_timer pause{co_await asio::this_coro::executor, 1ms};
        co_await pause.async_wait(asio::use_awaitable);
        co_return a;
    }
    asio::awaitable<int> sit() {
        ++sitting;
        asio::steady_timer never{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
        co_await never.async_wait(asio::use_awaitable);
        co_return 0;
    }
};

/// How many calls have passed, one way and the other.
struct counts {
    std::atomic<int> in{0}, out{0};

    void before(farcall::intercepted_call&) { ++in; }
    void after(farcall::intercepted_call&, farcall::call_outcome&) { ++out; }
};

struct pausing {
    asio::awaitable<farcall::call_outcome> around(farcall::intercepted_call&, farcall::next_call& next) {
        asio::steady_timer pause{co_await asio::this_coro::executor, 1ms};
        co_await pause.async_wait(asio::use_awaitable);
        co_return co_await next();
    }
};

/// Interceptors on several I/O threads and worker threads at a time.
class interceptor_threads : public testing::Test {
protected:
    void serve() {
        farcall::server_options options;
        options.io_threads = 2;
        options.worker_threads = 2;
        options.interceptors = {outer, farcall::rate_limit{{.per_second = 1e6}}, pausing{}, inner};
        server = std::make_unique<farcall::server>(std::move(options));
        server->add<Watched>(std::make_shared<watched>(sitting));
        server->listen(0);
        server->start();
        url = "tcp://127.0.0.1:" + std::to_string(server->port());
    }

    std::atomic<int> sitting{0};
    std::shared_ptr<counts> outer = std::make_shared<counts>(), inner = std::make_shared<counts>();
    std::unique_ptr<farcall::server> server;
    std::string url;
};

TEST_F(interceptor_threads, see_every_call_once_in_each_direction) {
    serve();
    constexpr int threads = 4, calls = 50;
    std::vector<std::thread> callers;
    for (int t = 0; t < threads; ++t)
        callers.emplace_back([this, t] {
            const Watched::proxy proxy{url};
            for (int i = 0; i < calls; ++i) {
                EXPECT_EQ(proxy.add(i, t), i + t);
                EXPECT_EQ(proxy.work(i), i);
                EXPECT_EQ(proxy.wait(i), i);
            }
        });
    for (std::thread& each : callers) each.join();
    server->stop();
    for (const auto& each : {outer, inner}) {
        EXPECT_EQ(each->in, threads * calls * 3);
        EXPECT_EQ(each->out, threads * calls * 3);
    }
}

TEST_F(interceptor_threads, hear_of_calls_that_a_server_gives_up_and_go_with_it) {
    serve();
    std::vector<Watched::proxy> proxies;
    for (int i = 0; i < 3; ++i) proxies.emplace_back(url);
    std::vector<std::future<int>> ends;
    for (int i = 0; i < 12; ++i) ends.push_back(proxies[static_cast<std::size_t>(i) % 3].sit(asio::use_future));
    while (sitting < 12) std::this_thread::yield();
    server->stop(0ms);
    for (auto& end : ends) EXPECT_THROW(end.get(), farcall::error);
    server.reset();
    EXPECT_EQ(outer->in, 12);
    // What a handler does when it is stopped may be more than the server waits for.
    EXPECT_LE(outer->out, 12);
    EXPECT_EQ(outer.use_count(), 1);
    EXPECT_EQ(inner.use_count(), 1);
}

}  // namespace
