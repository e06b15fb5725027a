#pragma once

#include <farcall.hpp>

#include <string>

// One declaration, seen by both translation units of the program.
namespace linkage {

struct empty_name {
    int length;
};

RPC_SERVICE(Greeter,
    (greet,  std::string(std::string name), farcall::readonly, farcall::throws<empty_name>),
    (length, int(std::string name),         farcall::readonly))

std::string greet_through(const std::string& url, const std::string& name);  // in client.cpp

}  // namespace linkage
