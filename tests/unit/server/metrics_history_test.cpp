#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <farcall/observe/histogram.hpp>
#include <farcall/server/metrics_history.hpp>

namespace farcall::detail {
namespace {

using namespace std::chrono_literals;

/// A server of two methods, of which only the first is called.
struct one_server {
    void second(std::uint64_t number, unsigned calls, std::chrono::nanoseconds each = 10us, unsigned failures = 0) {
        for (unsigned i = 0; i != calls; ++i) counted.record(each);
        failed += failures;
        history.begin(number, number * 10);
        history.sample(0, counted.read(), failed);
        history.sample(1, {}, 0);
    }
    std::string calls(std::size_t wanted) const {
        const std::size_t size = history.size(wanted);
        std::string text;
        for (std::size_t at = 0; at != size; ++at) text += std::to_string(history.at(0, size, at).calls) + ' ';
        return text;
    }

    metrics_history history{2};
    histogram counted;
    std::uint64_t failed = 0;
};

TEST(metrics_history, is_empty_before_the_first_second) {
    one_server server;
    EXPECT_EQ(server.history.until(), 0u);
    EXPECT_EQ(server.history.size(600), 0u);
    EXPECT_EQ(server.history.last(0), 0u);
}

TEST(metrics_history, holds_what_each_second_added) {
    one_server server;
    server.second(1, 3, 10us, 1);
    server.second(2, 0);
    server.second(3, 5, 200us, 2);
    EXPECT_EQ(server.history.until(), 3u);
    EXPECT_EQ(server.calls(600), "3 0 5 ");
    EXPECT_EQ(server.calls(2), "0 5 ");
    const second_of_calls last = server.history.at(0, 3, 2);
    EXPECT_EQ(last.failures, 2u);
    EXPECT_FLOAT_EQ(last.mean_us, 200);
    EXPECT_NEAR(last.p50_us, 200, 12.5);
    EXPECT_NEAR(last.p99_us, 200, 12.5);
    EXPECT_NEAR(server.history.at(0, 3, 0).p99_us, 10, 0.7);
    EXPECT_EQ(server.history.connections(3, 0), 10u);
    EXPECT_EQ(server.history.connections(3, 2), 30u);
}

TEST(metrics_history, knows_which_methods_were_called_lately) {
    one_server server;
    server.second(1, 1);
    server.second(2, 0);
    EXPECT_EQ(server.history.last(0), 1u);
    EXPECT_EQ(server.history.last(1), 0u);
    EXPECT_EQ(server.history.at(1, 2, 0).calls, 0u);
}

TEST(metrics_history, seconds_without_a_sample_are_empty) {
    one_server server;
    server.second(1, 1);
    server.second(4, 7);
    EXPECT_EQ(server.calls(600), "1 0 0 7 ");
}

TEST(metrics_history, forgets_what_is_older_than_ten_minutes) {
    one_server server;
    for (unsigned second = 1; second <= 605; ++second) server.second(second, second % 7);
    EXPECT_EQ(server.history.size(1000), 600u);
    for (std::size_t at = 0; at != 600; ++at)
        ASSERT_EQ(server.history.at(0, 600, at).calls, (at + 6) % 7) << at;
}

TEST(metrics_history, a_pause_longer_than_all_that_is_kept_leaves_the_last_second) {
    one_server server;
    for (unsigned second = 1; second <= 10; ++second) server.second(second, 9);
    server.second(5000, 2);
    std::string expected;
    for (int i = 0; i != 599; ++i) expected += "0 ";
    EXPECT_EQ(server.calls(600), expected + "2 ");
    EXPECT_EQ(server.history.last(0), 5000u);
}

}  // namespace
}  // namespace farcall::detail
