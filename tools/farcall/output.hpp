#pragma once

#include <string>
#include <string_view>

#include <farcall/codec/json.hpp>
#include <farcall/error.hpp>

#include "description.hpp"

namespace tool {

/// A peer's text for a terminal: what could move the cursor, turn the direction of writing or fool the eye is written as
/// escapes.
/// @param lines  whether line feeds and tabs stay
std::string printable(std::string_view text, bool lines = false);

/// The same of a peer's JSON text, whose value stays: for what a program reads, and perhaps a terminal shows.
std::string printable_json(std::string_view text);

/// A result for a reader: a string is its text, what is short stays on a line, the rest is indented.
/// @param terminal  whether a terminal reads it
std::string result_text(const farcall::json& result, bool terminal);

/// Why a call failed, in a few lines: what, details, whether it ran, and the hint if there is one.
std::string failure_text(const farcall::error& failure, std::string_view hint);

/// The same as JSON, in one line: `{"error":{...}}`, the object as JSON-RPC has it.
std::string failure_json(const farcall::error& failure);

/// Why nothing was called.
std::string mistake_text(const mistake& why);

/// All methods, a line each.
std::string list_text(const description& server);

/// Their names as a JSON array.
std::string list_json(const description& server);

/// What is known of some methods of a server.
std::string describe_text(const description& server, const std::vector<const described_method*>& methods);

}  // namespace tool
