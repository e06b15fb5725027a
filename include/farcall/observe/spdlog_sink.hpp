#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <spdlog/logger.h>

#include <farcall/observe/logger.hpp>

namespace farcall {

/// A sink that gives the lines to a logger of spdlog, which does what it was set up for: files, rotation, a queue.
///
/// Needs spdlog (Debian: libspdlog-dev, at least 1.10), which nothing else of farcall does. Both sides have a level: the
/// one of `farcall::logger` decides what becomes a line, that of `to` what is written of it; `trace` there lets all
/// pass. A line has its own time, so the pattern "%v" is enough. Nothing in a line is taken for a format.
/// @code
///     auto file = spdlog::rotating_logger_mt("calls", "calls.log", 10'000'000, 3);
///     file->set_pattern("%v");
///     farcall::logger log{{.sink = farcall::spdlog_sink(file)}};
/// @endcode
/// @param to  not null; shared with the sink
inline log_sink spdlog_sink(std::shared_ptr<spdlog::logger> to) {
    return [to = std::move(to)](log_level level, std::string_view line) {
        spdlog::level::level_enum as = spdlog::level::off;
        switch (level) {
            case log_level::debug: as = spdlog::level::debug; break;
            case log_level::info: as = spdlog::level::info; break;
            case log_level::warning: as = spdlog::level::warn; break;
            case log_level::error: as = spdlog::level::err; break;
            case log_level::off: return;
        }
        to->log(as, spdlog::string_view_t{line.data(), line.size()});
    };
}

}  // namespace farcall
