#include <chrono>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/observe/client_metrics.hpp>
#include <farcall/observe/observer.hpp>

namespace farcall {
namespace {

using namespace std::chrono_literals;

call_event ended(std::string_view method, status how = status::ok, std::chrono::nanoseconds time = 10us) {
    call_event event;
    event.method = method;
    event.status = how;
    event.time = time;
    event.bytes_in = 40;
    event.bytes_out = 60;
    return event;
}

TEST(client_metrics, are_empty_before_the_first_call) {
    const client_metrics metrics;
    EXPECT_TRUE(metrics.read().methods.empty());
    EXPECT_EQ(metrics.read().connections, 0u);
}

TEST(client_metrics, count_calls_by_method_and_by_what_they_ended_with) {
    client_metrics metrics;
    for (int i = 0; i != 3; ++i) metrics.call_ended(ended("Calculator.divide"));
    metrics.call_ended(ended("Calculator.divide", status::unknown));
    metrics.call_ended(ended("Calculator.divide", status::deadline_exceeded, 10s));
    metrics.call_ended(ended("Calculator.add"));
    const client_metrics_snapshot found = metrics.read();
    ASSERT_EQ(found.methods.size(), 2u);
    EXPECT_EQ(found.methods[0].method, "Calculator.add");
    const client_method_metrics& divide = found.methods[1];
    EXPECT_EQ(divide.calls, 5u);
    EXPECT_EQ(divide.failures, 2u);
    EXPECT_EQ(divide.outcomes[status::ok], 3u);
    EXPECT_EQ(divide.outcomes[status::unknown], 1u);
    EXPECT_EQ(divide.outcomes[status::deadline_exceeded], 1u);
    EXPECT_EQ(divide.attempts, 5u);
    EXPECT_EQ(divide.bytes_in, 200u);
    EXPECT_EQ(divide.bytes_out, 300u);
    EXPECT_EQ(divide.latency.min(), 10us);
    EXPECT_EQ(divide.latency.max(), 10s);
}

TEST(client_metrics, know_the_network_apart_from_the_server_where_the_server_says_so) {
    client_metrics metrics;
    call_event told = ended("m", status::ok, 5ms);
    told.server_time = 2ms;
    metrics.call_ended(told);
    metrics.call_ended(ended("m", status::ok, 1s));  // the server said nothing
    told.attempts = 3;                               // with pauses, which are no network
    told.time = 9s;
    metrics.call_ended(told);
    const client_method_metrics found = metrics.read().methods.front();
    EXPECT_EQ(found.latency.count(), 3u);
    EXPECT_EQ(found.server_time.count(), 2u);
    EXPECT_EQ(found.server_time.sum(), 4ms);
    EXPECT_EQ(found.network_time.count(), 1u);
    EXPECT_EQ(found.network_time.sum(), 3ms);
    EXPECT_EQ(found.attempts, 5u);
}

TEST(client_metrics, believe_no_server_that_it_took_longer_than_the_call) {
    client_metrics metrics;
    call_event told = ended("m", status::ok, 5ms);
    told.server_time = 5ms;
    metrics.call_ended(told);
    for (const std::int64_t lie : {std::int64_t{5'001}, std::numeric_limits<std::int64_t>::max() / 1000}) {
        told.server_time = std::chrono::microseconds{lie};
        metrics.call_ended(told);
    }
    const client_method_metrics found = metrics.read().methods.front();
    EXPECT_EQ(found.calls, 3u);
    EXPECT_EQ(found.server_time.count(), 1u);
    EXPECT_EQ(found.server_time.sum(), 5ms);
    EXPECT_EQ(found.network_time.count(), 1u);
    EXPECT_EQ(found.network_time.sum(), 0ns);
}

TEST(client_metrics, ask_servers_for_their_time_unless_told_otherwise) {
    EXPECT_TRUE(detail::observers({std::make_shared<client_metrics>()}).watch_server_time());
    EXPECT_FALSE(detail::observers({std::make_shared<client_metrics>(false)}).watch_server_time());
}

TEST(client_metrics, count_retries_hedges_and_connections) {
    client_metrics metrics;
    metrics.retry({.method = "m"});
    metrics.retry({.method = "m"});
    metrics.hedge({.method = "m"});
    metrics.connection_up({});
    metrics.connection_up({});
    metrics.connection_down({});
    metrics.connect_failed({});
    metrics.goaway({});
    metrics.drop({});
    metrics.limit_hit({});
    const client_metrics_snapshot found = metrics.read();
    EXPECT_EQ(found.methods.front().retries, 2u);
    EXPECT_EQ(found.methods.front().hedges, 1u);
    EXPECT_EQ(found.methods.front().calls, 0u);
    EXPECT_EQ(found.connections, 1u);
    EXPECT_EQ(found.connections_total, 2u);
    EXPECT_EQ(found.connect_failures + found.goaways + found.drops + found.limits_hit, 4u);
}

TEST(client_metrics, names_without_end_take_no_memory_without_end) {
    client_metrics metrics;
    for (std::size_t i = 0; i != client_metrics::most_methods + 500; ++i)
        metrics.call_ended(ended("method_" + std::to_string(i)));
    const client_metrics_snapshot found = metrics.read();
    EXPECT_EQ(found.methods.size(), client_metrics::most_methods + 1);
    EXPECT_EQ(found.methods.front().method, "(other)");
    EXPECT_EQ(found.methods.front().calls, 500u);
}

TEST(client_metrics, lose_nothing_of_many_threads) {
    client_metrics metrics;
    std::vector<std::thread> threads;
    for (int thread = 0; thread != 4; ++thread)
        threads.emplace_back([&] {
            for (int i = 0; i != 5000; ++i)
                metrics.call_ended(ended("method_" + std::to_string(i % 50), i % 5 == 0 ? status::aborted : status::ok,
                                         std::chrono::nanoseconds{i}));
        });
    for (std::thread& each : threads) each.join();
    const client_metrics_snapshot found = metrics.read();
    ASSERT_EQ(found.methods.size(), 50u) << "each name has one place";
    std::uint64_t calls = 0, failures = 0, longest = 0;
    for (const client_method_metrics& each : found.methods) {
        calls += each.calls;
        failures += each.outcomes[status::aborted];
        longest = std::max(longest, static_cast<std::uint64_t>(each.latency.max().count()));
    }
    EXPECT_EQ(calls, 20'000u);
    EXPECT_EQ(failures, 4000u);
    EXPECT_EQ(longest, 4999u);
}

TEST(client_metrics, are_text_for_prometheus) {
    client_metrics metrics;
    call_event event = ended("Calculator.add", status::ok, 3ms);
    event.server_time = 1ms;
    metrics.call_ended(event);
    metrics.call_ended(ended("Calculator.add", status::unavailable));
    const std::string text = metrics.prometheus();
    for (const std::string_view line :
         {"farcall_client_calls_total{method=\"Calculator.add\",code=\"ok\"} 1",
          "farcall_client_calls_total{method=\"Calculator.add\",code=\"unavailable\"} 1",
          "farcall_client_call_duration_seconds_count{method=\"Calculator.add\"} 2",
          "farcall_client_server_duration_seconds_sum{method=\"Calculator.add\"} 0.001",
          "farcall_client_network_duration_seconds_sum{method=\"Calculator.add\"} 0.002",
          "farcall_client_attempts_total{method=\"Calculator.add\"} 2", "farcall_client_connections 0"})
        EXPECT_NE(text.find("\n" + std::string{line} + "\n"), std::string::npos) << line << "\n" << text;
}

}  // namespace
}  // namespace farcall
