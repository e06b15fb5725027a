#pragma once

#include <string>

#include <farcall/service.hpp>

/// A service that two translation units of one program include.
namespace two_units {

RPC_SERVICE(Shared,
    (add, int(int a, int b), farcall::readonly, farcall::doc<"Adds.">),
    (greet, std::string(std::string name), farcall::alias<"hello">))

/// Addresses of the constants as the other translation unit sees them.
const farcall::method_info* info_seen_by_b();
const std::string_view* parameters_seen_by_b();

}  // namespace two_units
