#include <atomic>
#include <chrono>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <farcall.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;

RPC_SERVICE(Bench, (sit, int()), (now, int(int value)))

namespace {

struct bench {
    std::atomic<int>& sitting;

    asio::awaitable<int> sit() {
        ++sitting;
        asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
        co_return 1;
    }
    int now(int value) { return value; }
};

/// Calls that are given up by other threads, with sockets and event loops of the library's own.
class stop_token : public testing::Test {
protected:
    void SetUp() override {
        server.add<Bench>(std::make_shared<bench>(sitting));
        server.listen(0);
        server.start();
        url = "tcp://127.0.0.1:" + std::to_string(server.port());
    }
    void TearDown() override { server.stop(0ms); }
    void wait_for_sitting(int count) const {
        while (sitting < count) std::this_thread::yield();
    }

    std::atomic<int> sitting{0};
    farcall::server server;
    std::string url;
};

TEST_F(stop_token, ends_a_blocking_call_from_another_thread) {
    Bench::proxy proxy{url};
    std::stop_source source;
    std::jthread other([&] {
        wait_for_sitting(1);
        source.request_stop();
    });
    const auto end = farcall::with(proxy, source.get_token()).sit(farcall::as_result);
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), farcall::status::cancelled) << end.error().what();
    EXPECT_EQ(end.error().executed(), farcall::executed::unknown);
    EXPECT_EQ(proxy.now(5), 5) << "the connection goes on";
}

TEST_F(stop_token, that_was_stopped_before_sends_nothing) {
    Bench::proxy proxy{url};
    std::stop_source source;
    source.request_stop();
    const auto end = farcall::with(proxy, source.get_token()).sit(farcall::as_result);
    EXPECT_EQ(end.error().status(), farcall::status::cancelled);
    EXPECT_EQ(end.error().executed(), farcall::executed::no);
    EXPECT_EQ(sitting, 0);
}

TEST_F(stop_token, ends_many_calls_of_many_threads_once_each) {
    Bench::proxy proxy{url};
    std::stop_source source;
    const auto stoppable = farcall::with(proxy, source.get_token());
    std::atomic<int> cancelled{0};
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 4; ++i)
            callers.emplace_back([&] {
                const auto end = stoppable.sit(farcall::as_result);
                if (!end && end.error().status() == farcall::status::cancelled) ++cancelled;
            });
        std::vector<std::future<int>> later;
        for (int i = 0; i < 4; ++i) later.push_back(stoppable.sit(asio::use_future));
        wait_for_sitting(8);
        source.request_stop();
        for (auto& each : later) EXPECT_THROW(each.get(), farcall::error);
    }
    EXPECT_EQ(cancelled, 4);
}

/// The stop races with the answer: whoever is first, each call has one end.
TEST_F(stop_token, races_with_answers) {
    Bench::proxy proxy{url};
    int answered = 0;
    for (int round = 0; round < 300; ++round) {
        std::stop_source source;
        std::jthread other([&, round] {
            for (int i = 0; i < round % 20; ++i) std::this_thread::yield();
            source.request_stop();
        });
        const auto end = farcall::with(proxy, source.get_token()).now(round, farcall::as_result);
        if (end) {
            EXPECT_EQ(*end, round);
            ++answered;
        } else {
            EXPECT_EQ(end.error().status(), farcall::status::cancelled) << end.error().what();
        }
    }
    EXPECT_EQ(proxy.now(answered), answered);
}

TEST_F(stop_token, a_signal_of_another_thread_races_with_answers_and_with_the_end_of_the_client) {
    for (int round = 0; round < 200; ++round) {
        asio::cancellation_signal signal;
        std::future<int> end;
        {
            Bench::proxy proxy{url};
            end = proxy.now(round, asio::bind_cancellation_slot(signal.slot(), asio::use_future));
        }
        for (int i = 0; i < round % 10; ++i) std::this_thread::yield();
        signal.emit(asio::cancellation_type::total);
        try {
            EXPECT_EQ(end.get(), round);
        } catch (const farcall::error& why) {
            EXPECT_EQ(why.status(), farcall::status::cancelled) << why.what();
        }
    }
}

TEST_F(stop_token, a_signal_may_outlive_the_context_of_the_client) {
    asio::cancellation_signal signal;
    std::stop_source source;
    {
        asio::io_context context;
        Bench::proxy proxy{context, url};
        bool done = false;
        farcall::with(proxy, source.get_token())
            .now(1, asio::bind_cancellation_slot(signal.slot(), [&](farcall::result<int>) { done = true; }));
        while (!done) context.run_one();
        proxy.sit(asio::bind_cancellation_slot(signal.slot(), [](farcall::result<int>) { FAIL(); }));
        context.poll();
    }
    signal.emit(asio::cancellation_type::total);
    source.request_stop();
}

}  // namespace
