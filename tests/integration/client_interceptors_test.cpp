#include <farcall.hpp>
#include <farcall/interceptor/cache.hpp>
#include <farcall/interceptor/coroutine.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

/// Interceptors of clients that drive their own event loops: blocking calls, and calls from many threads.
namespace {

using boost::asio::awaitable;
using farcall::call_outcome;

RPC_SERVICE(Sums,
    (add, int(int a, int b), farcall::readonly),
    (twice, int(int a), farcall::readonly, farcall::cacheable_ms<60'000>))

struct sums {
    std::atomic<int>& made;
    int add(int a, int b) { return ++made, a + b; }
    int twice(int a) { return ++made, 2 * a; }
};

/// Goes on in a later turn of the event loop, before the call and behind it.
struct dawdler {
    std::shared_ptr<std::atomic<int>> passed = std::make_shared<std::atomic<int>>(0);

    awaitable<call_outcome> around(farcall::intercepted_call&, farcall::next_call& next) {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        call_outcome end = co_await next();
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        ++*passed;
        passed->notify_all();
        co_return end;
    }
};

class client_with_interceptors : public ::testing::Test {
protected:
    client_with_interceptors() {
        server.add<Sums>(sums{made});
        where = server.listen("memory://sums").url();
        server.start();
    }

    std::atomic<int> made{0};
    farcall::server server;
    std::string where;
    dawdler waits;
};

TEST_F(client_with_interceptors, makes_blocking_calls_through_coroutines) {
    for (const bool attempts : {false, true}) {
        farcall::client_options options;
        (attempts ? options.attempt_interceptors : options.interceptors) = {waits};
        const Sums::proxy calls{where, options};
        const int before = *waits.passed;
        EXPECT_EQ(calls.add(5, 3), 8);
        EXPECT_EQ(calls.add(5, 3, boost::asio::use_future).get(), 8);
        EXPECT_EQ(calls.add(5, 3), 8) << "with a thread that drives the loop";
        EXPECT_EQ(*waits.passed, before + 3);
    }
}

TEST_F(client_with_interceptors, serves_many_threads) {
    farcall::client_options options;
    options.interceptors = {waits, farcall::cache{}};
    options.attempt_interceptors = {waits};
    const Sums::proxy calls{where, options};
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i != 50; ++i) right += (calls.add(i, 1) == i + 1) + (calls.twice(i % 5) == i % 5 * 2);
        });
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(right, 400);
    EXPECT_EQ(made, 200 + 5) << "each of five results once";
}

TEST_F(client_with_interceptors, ends_one_way_calls_that_outlive_their_client) {
    {
        farcall::client_options options;
        options.interceptors = {waits};
        const Sums::proxy calls{where, options};
        calls.add(1, 2, farcall::notify);
    }
    waits.passed->wait(0);
    EXPECT_EQ(*waits.passed, 1);
}

}  // namespace
