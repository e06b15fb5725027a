#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <farcall/observe/spdlog_sink.hpp>

namespace {

using farcall::log_level;

struct written_by_spdlog {
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> to =
        std::make_shared<spdlog::logger>("farcall", std::make_shared<spdlog::sinks::ostream_sink_st>(text));

    explicit written_by_spdlog(spdlog::level::level_enum level = spdlog::level::trace) {
        to->set_level(level);
        to->set_pattern("%l|%v");
    }
    std::string lines(const std::function<void(const farcall::logger&)>& write) {
        write(farcall::logger{{.level = log_level::debug, .sink = farcall::spdlog_sink(to)}});
        to->flush();
        return text.str();
    }
};

TEST(spdlog_sink, writes_lines_with_their_levels) {
    written_by_spdlog log;
    const std::string text = log.lines([](const farcall::logger& to) {
        for (const log_level level : {log_level::debug, log_level::info, log_level::warning, log_level::error, log_level::off})
            to.write(level, "hello");
    });
    for (const char* level : {"debug", "info", "warning", "error"}) {
        const auto at = text.find(std::string{level} + '|');
        ASSERT_NE(at, std::string::npos) << text;
        EXPECT_NE(text.find(std::string{"Z "} + level + " hello\n", at), std::string::npos) << text;
    }
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST(spdlog_sink, takes_nothing_in_a_line_for_a_format) {
    written_by_spdlog log;
    const std::string text = log.lines([](const farcall::logger& to) {
        to.write(log_level::info, "call failed", [](farcall::log_line& line) { line.field("method", "{} %v {0:n} %d"); });
    });
    EXPECT_NE(text.find(R"(method="{} %v {0:n} %d")"), std::string::npos) << text;
}

TEST(spdlog_sink, leaves_out_what_spdlog_was_told_to) {
    written_by_spdlog log{spdlog::level::err};
    const std::string text = log.lines([](const farcall::logger& to) {
        to.write(log_level::info, "a");
        to.write(log_level::error, "b");
    });
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

}  // namespace
