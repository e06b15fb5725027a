#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <farcall/codec/json.hpp>

#include "command_line.hpp"

namespace tool {

/// One value as it is typed: JSON, or else a text. What begins like an object, an array or a string must be one.
std::variant<farcall::json, mistake> read_value(std::string_view typed);

/// All arguments of a call, as a JSON array or object.
///
/// `5 3` are arguments by position, `a=5 b=3` by name. A single array or object is all of them.
std::variant<farcall::json, mistake> read_arguments(const std::vector<std::string>& typed);

/// The same from a JSON text that is not typed but read.
std::variant<farcall::json, mistake> read_arguments_text(std::string_view text);

/// Whether the arguments are to be read from standard input.
bool from_standard_input(const std::vector<std::string>& typed);

}  // namespace tool
