#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <farcall/observe/logger.hpp>
#include <farcall/testing/virtual_clock.hpp>

/// The lines of a log, on a clock that stands still.
struct recorded_log {
    std::vector<std::string> lines;
    std::shared_ptr<farcall::testing::virtual_clock> clock = std::make_shared<farcall::testing::virtual_clock>();

    farcall::log_sink sink() {
        return [this](farcall::log_level, std::string_view line) { lines.emplace_back(line); };
    }

    farcall::logger make(farcall::log_level level, farcall::log_format format = farcall::log_format::text) {
        return farcall::logger{{.level = level, .format = format, .sink = sink(), .time = clock}};
    }

    /// Level and event of each, without time and fields.
    std::vector<std::string> events() const {
        std::vector<std::string> made;
        for (const std::string& line : lines) {
            std::string rest = line.substr(line.find(' ') + 1);
            const auto field = rest.find('=');
            made.push_back(rest.substr(0, field == rest.npos ? field : rest.rfind(' ', field)));
        }
        return made;
    }
};
