#pragma once

#include <set>
#include <string>

#include <farcall/codec/json.hpp>

#include "description.hpp"

namespace tool {

/// A JSON Schema in a few words: "integer", "account[]", "[string, number]", "red | green", "{text: integer}".
/// A type of `components` is its name; what has no words here is "any".
std::string type_text(const farcall::json& schema);

/// The same with bounds and what the type is for: "integer, 0 to 255".
std::string type_text_in_full(const farcall::json& schema);

/// A call as a line: "Calculator.add(a: integer, b: integer) -> integer".
std::string signature_text(const described_method& method);

/// Adds the names of the types that `schema` refers to, and those that they refer to.
void add_types_of(const farcall::json& schema, const description& server, std::set<std::string>& names);

}  // namespace tool
