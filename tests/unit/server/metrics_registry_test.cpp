#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/server/metrics_registry.hpp>
#include <farcall/testing/virtual_clock.hpp>

namespace farcall::detail {
namespace {

using namespace std::chrono_literals;

/// A server with one method, on one thread.
struct counted_server {
    explicit counted_server(bool opens = true) {
        method_entry entry;
        entry.info = &info;
        std::vector<method_entry> entries;
        entries.push_back(std::move(entry));
        methods.add(std::move(entries));
        if (opens) open();
    }
    void open() { registry.open(methods, 1, clock); }
    call_account call(farcall::status end = status::ok) const {
        call_account made;
        made.method = methods.find(info.wire_name);
        made.status = end;
        return made;
    }
    worker_metrics& worker() { return *registry.worker(0); }
    method_metrics read() const { return registry.read(clock.now()).methods.at(0); }

    method_info info{.wire_name = "Calculator.add"};
    std::shared_ptr<testing::virtual_clock> time = std::make_shared<testing::virtual_clock>();
    testing::virtual_clock& clock = *time;
    dispatcher methods;
    metrics_registry registry;
};

TEST(metrics_registry, no_counter_goes_down_while_calls_end) {
    counted_server server;
    for (int i = 0; i != 1000; ++i) server.worker().ended(server.call(), server.clock.now());
    std::atomic<bool> stop{false};
    std::thread calls{[&] {
        const call_account failed = server.call(status::unavailable);
        while (!stop.load(std::memory_order_relaxed)) server.worker().ended(failed, failed.turn);
    }};
    method_metrics before;
    // So many that both threads ran at once, or took turns in the middle of a look.
    for (int i = 0; i < 3'000 || before.failures < 200'000; ++i) {
        const method_metrics now = server.read();
        for (std::size_t code = 0; code != status_count; ++code)
            EXPECT_GE(now.outcomes.counts[code], before.outcomes.counts[code]) << code;
        EXPECT_EQ(now.outcomes[status::ok], 1000u);
        EXPECT_GE(now.calls, before.calls);
        EXPECT_GE(now.failures, before.failures);
        EXPECT_GE(now.latency.count(), before.latency.count());
        EXPECT_EQ(now.calls, now.outcomes.total());
        before = now;
        if (HasFailure()) break;
    }
    stop = true;
    calls.join();
    const method_metrics last = server.read();
    EXPECT_EQ(last.calls, last.latency.count());
}

TEST(metrics_registry, failures_of_a_second_are_no_successes) {
    counted_server server;
    server.worker().ended(server.call(), server.clock.now());
    server.worker().ended(server.call(status::not_found), server.clock.now());
    server.clock.step(server.clock.now() + 1s);
    server.registry.sample(server.clock.now());
    server.registry.with_history([](const metrics_history& kept) {
        EXPECT_EQ(kept.at(0, 1, 0).calls, 2u);
        EXPECT_EQ(kept.at(0, 1, 0).failures, 1u);
    });
}

TEST(metrics_registry, a_call_that_is_deferred_while_its_handler_runs_is_in_flight_once) {
    counted_server server;
    const call_account call = server.call();
    server.worker().running(call);
    EXPECT_EQ(server.read().in_flight, 1u);
    server.worker().deferred(call);
    EXPECT_EQ(server.read().in_flight, 1u);
    server.worker().returned();
    EXPECT_EQ(server.read().in_flight, 1u);
    server.worker().left(call);
    EXPECT_EQ(server.read().in_flight, 0u);
}

TEST(metrics_registry, a_call_that_is_deferred_beside_a_handler_of_another_method_leaves_that_in_flight) {
    counted_server server;
    server.worker().running(server.call());
    call_account other;
    server.worker().deferred(other);
    EXPECT_EQ(server.read().in_flight, 1u);
    EXPECT_EQ(server.registry.read(server.clock.now()).unknown_methods.in_flight, 1u);
}

TEST(metrics_registry, can_be_read_while_the_server_starts) {
    for (int i = 0; i != 20; ++i) {
        counted_server server{false};
        std::atomic<bool> reads{false};
        std::thread reader{[&] {
            while (server.registry.read(server.clock.now()).methods.empty()) reads = true;
            EXPECT_EQ(server.read().method, "Calculator.add");
        }};
        while (!reads) std::this_thread::yield();
        server.open();
        reader.join();
    }
}

}  // namespace
}  // namespace farcall::detail
