#include <array>
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <farcall/observe/histogram.hpp>
#include <farcall/observe/prometheus_writer.hpp>

namespace farcall::detail {
namespace {

using namespace std::chrono_literals;

struct page {
    text_buffer text;
    prometheus_writer writer{text};

    std::string taken() {
        std::string made{text.view()};
        text.clear();
        return made;
    }
    bool has(std::string_view line) const {
        const std::string whole = '\n' + std::string{text.view()};
        return whole.find('\n' + std::string{line} + '\n') != std::string::npos;
    }
};

TEST(prometheus_writer, writes_a_family_and_its_samples) {
    page made;
    made.writer.family("calls_total", "counter", "Calls.");
    made.writer.sample(std::array{prometheus_label{"method", "Calculator.add"}, prometheus_label{"code", "ok"}},
                       std::uint64_t{18446744073709551615u});
    made.writer.sample({}, 0.25);
    EXPECT_EQ(made.taken(), "# HELP calls_total Calls.\n"
                            "# TYPE calls_total counter\n"
                            "calls_total{method=\"Calculator.add\",code=\"ok\"} 18446744073709551615\n"
                            "calls_total 0.25\n");
}

TEST(prometheus_writer, escapes_what_would_end_a_label_or_a_line) {
    page made;
    made.writer.family("m", "gauge", "a \\ and a \"quote\"\nand a line");
    made.writer.sample(std::array{prometheus_label{"method", "a\"b\\c\nd\xC3\xA9"}}, std::uint64_t{1});
    EXPECT_EQ(made.taken(), "# HELP m a \\\\ and a \"quote\"\\nand a line\n"
                            "# TYPE m gauge\n"
                            "m{method=\"a\\\"b\\\\c\\nd\xC3\xA9\"} 1\n");
}

TEST(prometheus_writer, writes_utf8_whatever_it_is_given) {
    page made;
    made.writer.family("m", "gauge", "x");
    made.writer.sample(std::array{prometheus_label{"method", "a\xFF\xC3z"}}, std::uint64_t{1});
    EXPECT_TRUE(made.has("m{method=\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"} 1"));
}

TEST(prometheus_writer, a_histogram_counts_up_to_each_bound_and_ends_with_all) {
    histogram measured;
    for (const std::chrono::nanoseconds each : {800ns, 4000ns, 4000ns, 300000ns}) measured.record(each);
    measured.record(2s);
    measured.record(2min);
    page made;
    made.writer.family("t_seconds", "histogram", "Time.");
    made.writer.sample(std::array{prometheus_label{"method", "m"}}, measured.read());
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"1e-06\"} 1"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"2.5e-06\"} 1"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"5e-06\"} 3"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"0.00025\"} 3"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"0.0005\"} 4"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"2.5\"} 5"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"60\"} 5"));
    EXPECT_TRUE(made.has("t_seconds_bucket{method=\"m\",le=\"+Inf\"} 6"));
    EXPECT_TRUE(made.has("t_seconds_sum{method=\"m\"} 122.0003088"));
    EXPECT_TRUE(made.has("t_seconds_count{method=\"m\"} 6"));
}

TEST(prometheus_writer, a_histogram_of_nothing_has_all_its_buckets) {
    page made;
    made.writer.only("t_seconds", "histogram", "Time.", distribution{});
    EXPECT_TRUE(made.has("t_seconds_bucket{le=\"1e-06\"} 0"));
    EXPECT_TRUE(made.has("t_seconds_bucket{le=\"+Inf\"} 0"));
    EXPECT_TRUE(made.has("t_seconds_sum 0"));
}

}  // namespace
}  // namespace farcall::detail
