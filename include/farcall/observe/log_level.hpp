#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace farcall {

/// How much a line of a log matters. A logger with a level writes the lines of that level and of those behind it.
enum class log_level : std::uint8_t {
    debug,    ///< Every call and connection: to find out what happens, for a while.
    info,     ///< What an operator wants to read afterwards: start and stop, calls that failed, reconnects.
    warning,  ///< What may become trouble: limits, lost servers, slow calls.
    error,    ///< What somebody has to repair: defects, damaged data.
    off,      ///< For loggers only: nothing is written.
};

/// The name as it is written in code.
constexpr std::string_view to_string(log_level value) noexcept {
    constexpr std::string_view names[] = {"debug", "info", "warning", "error", "off"};
    const auto index = static_cast<unsigned>(value);
    return index < std::size(names) ? names[index] : names[4];
}

/// The level of that name, for settings that are texts.
/// @returns empty if there is none
constexpr std::optional<log_level> log_level_of(std::string_view name) noexcept {
    for (const log_level each : {log_level::debug, log_level::info, log_level::warning, log_level::error, log_level::off})
        if (to_string(each) == name) return each;
    return std::nullopt;
}

}  // namespace farcall
