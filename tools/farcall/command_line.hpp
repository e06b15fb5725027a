#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <farcall/metadata.hpp>

namespace tool {

enum class action { list, describe, call, top, completion, complete, help, version };

/// What the command line asks for.
struct request {
    tool::action action = action::help;
    std::string url{};
    std::string method{};                  ///< of `call`; of `describe` a method, a service, or empty for all
    std::vector<std::string> arguments{};  ///< of `call`: ARGs as they were typed; of `completion`: the shell;
                                           ///< of `complete`: the words before the one that is typed, and that one
    std::optional<std::chrono::milliseconds> timeout{};  ///< empty: the default; zero: none
    farcall::metadata headers{};
    bool json = false;
    bool once = false;                                    ///< of `top`
    std::optional<std::chrono::milliseconds> interval{};  ///< of `top`; empty: the default
};

/// Why a command line, or a part of it, cannot be used.
struct mistake {
    std::string message;
    std::string hint;  ///< what to type instead; may be empty
};

/// Reads the command line.
///
/// @param words  without the program's name
std::variant<request, mistake> read_command_line(const std::vector<std::string>& words);

/// A time as it is typed: 2s, 500ms, 1.5m; a bare number counts seconds; "none" is zero.
/// @returns nothing if it is none, or not more than zero
std::optional<std::chrono::milliseconds> read_time(std::string_view text);

/// The commands that a person types, for suggestions and completion.
const std::vector<std::string_view>& command_names();

/// The options, long forms with their dashes.
const std::vector<std::string_view>& option_names();

}  // namespace tool
