#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/observe/histogram.hpp>

namespace farcall::detail {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

distribution of(const std::vector<nanoseconds>& all) {
    histogram measured;
    for (const nanoseconds each : all) measured.record(each);
    return measured.read();
}

TEST(duration_bucket, every_duration_lies_between_the_begin_of_its_bucket_and_that_of_the_next) {
    std::uint64_t before = 0;
    for (std::size_t at = 0; at != duration_buckets; ++at) {
        const std::uint64_t begin = bucket_begin(at);
        const std::uint64_t next = bucket_begin(at + 1);
        ASSERT_EQ(begin, before) << at;
        ASSERT_EQ(duration_bucket(begin), at);
        ASSERT_EQ(duration_bucket(next - 1), at);
        if (at >= 32) {
            ASSERT_LE(next - begin, begin / 16 + 1) << at;
        }
        before = next;
    }
    EXPECT_GT(bucket_begin(duration_buckets), std::uint64_t(nanoseconds{1h}.count()));
    EXPECT_EQ(duration_bucket(~std::uint64_t{0}), duration_buckets - 1);
}

TEST(histogram, that_measured_nothing_is_all_zeros) {
    const distribution empty = histogram{}.read();
    EXPECT_EQ(empty.count(), 0u);
    EXPECT_EQ(empty.sum(), 0ns);
    EXPECT_EQ(empty.min(), 0ns);
    EXPECT_EQ(empty.max(), 0ns);
    EXPECT_EQ(empty.mean(), 0ns);
    EXPECT_EQ(empty.quantile(0.5), 0ns);
    EXPECT_EQ(empty.at_most(1h), 0u);
}

TEST(histogram, keeps_count_sum_min_max_and_mean_exactly) {
    const distribution found = of({9213ns, 12ns, 14'900'123ns, 0ns});
    EXPECT_EQ(found.count(), 4u);
    EXPECT_EQ(found.sum(), 14'909'348ns);
    EXPECT_EQ(found.min(), 0ns);
    EXPECT_EQ(found.max(), 14'900'123ns);
    EXPECT_EQ(found.mean(), 3'727'337ns);
}

TEST(histogram, a_clock_that_runs_backwards_measures_nothing_at_all) {
    const distribution found = of({-5ns});
    EXPECT_EQ(found.count(), 1u);
    EXPECT_EQ(found.max(), 0ns);
    EXPECT_EQ(found.quantile(1), 0ns);
}

TEST(histogram, counts_what_is_longer_than_its_longest_bucket) {
    const distribution found = of({3h, 5h, 1us});
    EXPECT_EQ(found.count(), 3u);
    EXPECT_EQ(found.max(), 5h);
    EXPECT_EQ(found.quantile(0), 1us);
    EXPECT_EQ(found.at_most(1h), 1u);
    EXPECT_EQ(found.at_most(24h), 1u) << "nothing is known of what lies behind the last bucket";
}

TEST(histogram, one_measurement_is_every_quantile) {
    const distribution found = of({12'345ns});
    for (const double share : {0.0, 0.5, 0.99, 1.0}) EXPECT_EQ(found.quantile(share), 12'345ns) << share;
}

TEST(histogram, quantiles_are_those_of_the_sorted_durations_within_the_width_of_a_bucket) {
    std::mt19937_64 random{7};
    std::lognormal_distribution<double> lengths{10, 2};
    std::vector<nanoseconds> all;
    for (int i = 0; i != 10'000; ++i) all.emplace_back(static_cast<std::int64_t>(lengths(random)));
    const distribution found = of(all);
    std::sort(all.begin(), all.end());
    for (const double share : {0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
        const auto exact = static_cast<double>(all[static_cast<std::size_t>(share * 10'000) - 1].count());
        EXPECT_NEAR(static_cast<double>(found.quantile(share).count()), exact, exact * 0.0625 + 1) << share;
    }
    EXPECT_EQ(found.quantile(0), all.front());
    EXPECT_EQ(found.quantile(1), all.back());
}

TEST(histogram, at_most_never_counts_what_is_longer) {
    const distribution found = of({1us, 10us, 100us, 1ms});
    EXPECT_EQ(found.at_most(500ns), 0u);
    EXPECT_EQ(found.at_most(999ns), 0u);
    EXPECT_EQ(found.at_most(2us), 1u);
    EXPECT_EQ(found.at_most(250us), 3u);
    EXPECT_EQ(found.at_most(1s), 4u);
    EXPECT_EQ(found.at_most(-1ns), 0u);
}

TEST(distribution, of_two_threads_together_is_that_of_all_durations) {
    distribution sum = of({5us, 70us});
    sum += of({1us, 900ms, 3us});
    const distribution whole = of({5us, 70us, 1us, 900ms, 3us});
    EXPECT_EQ(sum.count(), whole.count());
    EXPECT_EQ(sum.sum(), whole.sum());
    EXPECT_EQ(sum.min(), 1us);
    EXPECT_EQ(sum.max(), 900ms);
    for (const double share : {0.2, 0.5, 0.8, 0.99}) EXPECT_EQ(sum.quantile(share), whole.quantile(share)) << share;
}

TEST(distribution, nothing_added_to_something_changes_nothing) {
    distribution sum = of({5us});
    sum += distribution{};
    distribution other;
    other += sum;
    EXPECT_EQ(other.min(), 5us);
    EXPECT_EQ(other.quantile(0.5), 5us);
}

TEST(distribution, since_an_earlier_copy_holds_what_came_between) {
    histogram measured;
    measured.record(1us);
    measured.record(1s);
    const distribution earlier = measured.read();
    measured.record(10us);
    measured.record(20us);
    const distribution between = measured.read().since(earlier);
    EXPECT_EQ(between.count(), 2u);
    EXPECT_EQ(between.sum(), 30us);
    EXPECT_NEAR(static_cast<double>(between.min().count()), 10'000, 625);
    EXPECT_NEAR(static_cast<double>(between.max().count()), 20'000, 1250);
    EXPECT_EQ(measured.read().since(measured.read()).count(), 0u);
    EXPECT_EQ(measured.read().since(measured.read()).quantile(0.99), 0ns);
}

TEST(histogram, can_be_read_while_it_is_written) {
    histogram measured;
    std::thread writer{[&] {
        for (int i = 0; i != 20'000; ++i) measured.record(nanoseconds{i % 5000});
    }};
    for (std::uint64_t last = 0; last != 20'000;) {
        const distribution now = measured.read();
        EXPECT_GE(now.count(), last);
        EXPECT_LE(now.quantile(0.99), 4999ns);
        last = now.count();
    }
    writer.join();
    EXPECT_EQ(measured.read().count(), 20'000u);
}

}  // namespace
}  // namespace farcall::detail
