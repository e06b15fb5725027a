#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <farcall.hpp>
#include <farcall/observe/client_metrics.hpp>

#include "raw_socket.hpp"

/// Counters under several threads: what each counts alone adds up to what was called.
namespace {

using namespace std::chrono_literals;

RPC_SERVICE(Counted,
    (plain, int(int value), farcall::readonly),
    (block, int(int value), farcall::blocking),
    (wait, int(int value)),
    (fail, int(int value)))

struct counted {
    int plain(int value) const { return value; }
    int block(int value) const { return value; }
    boost::asio::awaitable<int> wait(int value) const { co_return value; }
    int fail(int) const { throw std::runtime_error{"no"}; }
};

TEST(metrics, of_four_threads_add_up_to_the_calls_made) {
    constexpr int clients = 8, rounds = 150;
    farcall::server_options options;
    options.io_threads = 4;
    farcall::server server{std::move(options)};
    server.add<Counted>(counted{});
    const std::string url = server.listen("tcp://127.0.0.1:0").url();
    server.start();
    const auto seen = std::make_shared<farcall::client_metrics>();
    {
        std::atomic<bool> done{false};
        std::thread reader{[&] {
            // Whoever looks meanwhile sees numbers that only grow.
            for (std::uint64_t last = 0; !done;) {
                std::uint64_t calls = 0;
                for (const farcall::method_metrics& each : server.metrics().methods) {
                    calls += each.calls;
                    EXPECT_LE(each.failures, each.calls);
                    EXPECT_LE(each.latency.quantile(0.99), each.latency.max());
                }
                EXPECT_GE(calls, last);
                last = calls;
            }
        }};
        std::vector<std::thread> callers;
        for (int i = 0; i != clients; ++i)
            callers.emplace_back([&] {
                const Counted::proxy proxy{farcall::client{url, {.observers = {seen}}}};
                for (int round = 0; round != rounds; ++round) {
                    EXPECT_EQ(proxy.plain(round), round);
                    EXPECT_EQ(proxy.wait(round), round);
                    if (round % 10 == 0) {
                        EXPECT_EQ(proxy.block(round), round);
                        EXPECT_FALSE(proxy.fail(round, farcall::as_result));
                    }
                }
            });
        for (std::thread& each : callers) each.join();
        done = true;
        reader.join();
    }
    const farcall::server_metrics found = server.metrics();
    ASSERT_EQ(found.methods.size(), 4u);
    const auto calls = [&](const char* name) {
        for (const farcall::method_metrics& each : found.methods)
            if (each.method == name) return each;
        return farcall::method_metrics{};
    };
    EXPECT_EQ(calls("Counted.plain").calls, 1200u);
    EXPECT_EQ(calls("Counted.plain").failures, 0u);
    EXPECT_EQ(calls("Counted.wait").calls, 1200u);
    EXPECT_EQ(calls("Counted.wait").in_flight, 0u);
    EXPECT_EQ(calls("Counted.block").calls, 120u);
    EXPECT_EQ(calls("Counted.fail").outcomes[farcall::status::internal], 120u);
    EXPECT_GT(calls("Counted.plain").latency.sum(), 0ns);
    EXPECT_EQ(found.connections_total.native, 8u);
    for (const farcall::client_method_metrics& each : seen->read().methods) {
        const farcall::method_metrics told = calls(each.method.c_str());
        EXPECT_EQ(each.calls, told.calls) << each.method;
        EXPECT_EQ(each.failures, told.failures) << each.method;
        EXPECT_EQ(each.bytes_out, told.bytes_in) << each.method;
        EXPECT_EQ(each.bytes_in, told.bytes_out) << each.method;
        EXPECT_EQ(each.server_time.count(), each.calls) << each.method;
    }
}

RPC_SERVICE(Stuck,
    (block, int(), farcall::blocking))

/// Without a lock, which would order what the threads do, so that a sanitizer saw less.
struct stuck {
    std::atomic<bool>& begun;
    std::atomic<bool>& let_go;

    int block() {
        begun.store(true, std::memory_order_relaxed);
        while (!let_go.load(std::memory_order_relaxed)) std::this_thread::yield();
        return 1;
    }
};

TEST(metrics, count_a_call_as_ended_that_a_worker_still_runs_for_a_lost_connection) {
    std::atomic<bool> begun{false}, let_go{false};
    farcall::server server;
    server.add<Stuck>(stuck{begun, let_go});
    const auto port = server.listen("tcp://127.0.0.1:0").port;
    server.start();
    auto peer = integration::raw_socket::connect(port);
    ASSERT_TRUE(peer.send(integration::frame(R"({"jsonrpc":"2.0","id":1,"method":"Stuck.block","params":[]})")));
    while (!begun.load(std::memory_order_relaxed)) std::this_thread::yield();
    peer.close();
    const auto limit = std::chrono::steady_clock::now() + integration::patience;
    while (server.metrics().methods.at(0).calls == 0 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    const farcall::method_metrics found = server.metrics().methods.at(0);
    let_go = true;
    EXPECT_EQ(found.calls, 1u);
    EXPECT_EQ(found.outcomes[farcall::status::cancelled], 1u);
    EXPECT_EQ(found.in_flight, 0u);
}

}  // namespace
