#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "description.hpp"

namespace tool {

/// Asks a server what it offers; nothing if it does not answer soon.
using describe_server = std::function<std::optional<description>(const std::string& url)>;

/// What can stand in the place of the last word: commands, options, method names of a live server, names of arguments.
///
/// Shells put it on the command line as it is. So of a server's names only those are offered that are letters, digits
/// and `_.-`, and begin with no hyphen.
/// @param words  of the command line without the program's name; the last one is being typed, and may be empty
std::vector<std::string> complete(const std::vector<std::string>& words, const describe_server& ask);

/// The script that makes a shell complete; empty: none for that shell.
std::string_view completion_script(std::string_view shell);

}  // namespace tool
