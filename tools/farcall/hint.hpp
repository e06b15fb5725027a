#pragma once

#include <string>

#include <farcall/error.hpp>

#include "command_line.hpp"
#include "description.hpp"

namespace tool {

/// Whether what the server says of itself helps to explain the failure of this call.
bool wants_description(const farcall::error& failure);

/// What to do about the failure of a call; may be empty.
/// @param server  null: not known
std::string hint_for(const farcall::error& failure, const request& asked, const description* server);

/// What to say of a method that the server's description does not have.
mistake no_such_method(const std::string& name, const std::string& url, const description& server);

}  // namespace tool
