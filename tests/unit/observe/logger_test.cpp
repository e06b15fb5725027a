#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/observe/log_events.hpp>
#include <farcall/observe/logger.hpp>
#include <farcall/observe/secret_headers.hpp>
#include <farcall/testing/virtual_clock.hpp>

#include "unit/observe/recorded_log.hpp"

namespace {

using namespace std::chrono_literals;
using farcall::log_level;
using farcall::logger;

TEST(logger, writes_its_level_and_worse) {
    recorded_log to;
    const logger log = to.make(log_level::warning);
    log.write(log_level::debug, "a");
    log.write(log_level::info, "b");
    log.write(log_level::warning, "c");
    log.write(log_level::error, "d");
    EXPECT_EQ(to.events(), (std::vector<std::string>{"warning c", "error d"}));
}

TEST(logger, changes_its_level_while_it_is_used_by_copies) {
    recorded_log to;
    const logger log = to.make(log_level::info);
    const logger other = log;
    log.write(log_level::debug, "a");
    other.level(log_level::debug);
    log.write(log_level::debug, "b");
    other.level(log_level::off);
    log.write(log_level::error, "c");
    log.write(log_level::off, "d");
    EXPECT_EQ(to.events(), (std::vector<std::string>{"debug b"}));
    EXPECT_EQ(log.level(), log_level::off);
}

TEST(logger, asks_for_no_fields_of_a_line_that_is_not_written) {
    recorded_log to;
    const logger log = to.make(log_level::info);
    log.write(log_level::debug, "a", [](farcall::log_line&) { ADD_FAILURE(); });
    log.write_limited(log_level::debug, "a", [](farcall::log_line&) { ADD_FAILURE(); });
}

TEST(logger, takes_the_time_of_its_clock) {
    recorded_log to;
    to.make(log_level::info).write(log_level::info, "a");
    EXPECT_EQ(to.lines.at(0), "2030-01-01T00:00:00.000000Z info a");
}

TEST(logger, limits_what_peers_cause_and_says_what_it_left_out) {
    recorded_log to;
    const logger log = to.make(log_level::info);
    for (int i = 0; i < 1244; ++i) log.write_limited(log_level::info, "call failed", [](farcall::log_line&) {});
    EXPECT_EQ(to.lines.size(), 10u);
    to.clock->jump(5s);
    log.write(log_level::info, "something else");
    ASSERT_EQ(to.lines.size(), 12u);
    EXPECT_TRUE(to.lines[10].ends_with(R"(warning lines left out of="call failed" count=1234 within_s=5)")) << to.lines[10];
    EXPECT_EQ(to.events()[11], "info something else");
}

TEST(logger, says_what_it_left_out_while_the_flood_goes_on) {
    recorded_log to;
    const logger log = to.make(log_level::info);
    for (int i = 0; i < 600; ++i) {
        log.write_limited(log_level::info, "x", [](farcall::log_line&) {});
        to.clock->jump(10ms);
    }
    EXPECT_EQ(std::count_if(to.lines.begin(), to.lines.end(),
                            [](const std::string& line) { return line.find("lines left out") != line.npos; }),
              1);
    EXPECT_LE(to.lines.size(), 61u);
}

TEST(logger, says_the_rest_at_its_end_and_when_it_is_flushed) {
    recorded_log to;
    {
        const logger log = to.make(log_level::info);
        for (int i = 0; i < 12; ++i) log.write_limited(log_level::info, "x", [](farcall::log_line&) {});
        log.flush();
        EXPECT_EQ(to.lines.size(), 11u);
        log.write_limited(log_level::info, "x", [](farcall::log_line&) {});
    }
    ASSERT_EQ(to.lines.size(), 12u);
    EXPECT_NE(to.lines[11].find("count=1"), std::string::npos);
}

TEST(logger, writes_all_where_it_is_told_to_limit_nothing) {
    recorded_log to;
    const logger log{{.sink = to.sink(), .lines_per_second = 0, .time = to.clock}};
    for (int i = 0; i < 100; ++i) log.write_limited(log_level::info, "x", [](farcall::log_line&) {});
    EXPECT_EQ(to.lines.size(), 100u);
}

TEST(logger, goes_on_when_its_sink_or_a_field_throws) {
    int called = 0;
    const logger log{{.sink = [&](log_level, std::string_view) {
        ++called;
        throw std::runtime_error{"disk full"};
    }}};
    log.write(log_level::info, "a");
    EXPECT_THROW(log.write(log_level::info, "b", [](farcall::log_line&) { throw 1; }), int);
    log.write(log_level::info, "c");
    EXPECT_EQ(called, 2);
}

TEST(logger, drops_lines_that_its_own_sink_causes) {
    std::vector<std::string> lines;
    logger* self = nullptr;
    logger log{{.sink = [&](log_level, std::string_view line) {
        lines.emplace_back(line);
        self->write(log_level::error, "written by the sink");
        self->write_limited(log_level::error, "written by the sink", [](farcall::log_line&) {});
        self->flush();
    }}};
    self = &log;
    log.write(log_level::info, "a");
    log.write(log_level::info, "b");
    EXPECT_EQ(lines.size(), 2u);
}

TEST(logger, gives_its_sink_whole_lines_of_several_threads_one_at_a_time) {
    std::vector<std::string> lines;  // without a lock of its own
    {
        const logger log{{.sink = [&](log_level, std::string_view line) { lines.emplace_back(line); }}};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([log] {
                for (int i = 0; i < 500; ++i)
                    log.write(log_level::info, "x", [&](farcall::log_line& line) { line.field("i", i); });
            });
        for (std::thread& each : threads) each.join();
    }
    EXPECT_EQ(lines.size(), 2000u);
    for (const std::string& line : lines) EXPECT_NE(line.find(" info x i="), std::string::npos);
}

TEST(logger, writes_to_the_standard_error_by_itself) {
    testing::internal::CaptureStderr();
    logger{}.write(log_level::info, "hello");
    const std::string text = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(text.ends_with("Z info hello\n")) << text;
}

TEST(secret_header, knows_what_is_likely_to_be_a_secret) {
    for (const char* name : {"authorization", "Authorization", "proxy-authorization", "Cookie", "set-cookie", "x-api-key",
                             "X-API-KEY", "x_api_key", "x-auth-token", "client-secret", "x-amz-security-token", "password"})
        EXPECT_TRUE(farcall::secret_header(name)) << name;
    for (const char* name : {"tenant", "x-request-id", "traceparent", "accept-language", "key", ""})
        EXPECT_FALSE(farcall::secret_header(name)) << name;
}

}  // namespace
