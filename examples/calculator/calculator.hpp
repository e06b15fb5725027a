// The contract: all that the server and its clients have in common.
#pragma once

#include <farcall/service.hpp>

#include <string>

/// A plain struct is an error with a type: thrown by the server's handler, caught by the client.
struct division_by_zero {
    double dividend = 0;
    const char* what() const noexcept { return "Division by zero"; }
};

RPC_SERVICE(Calculator,
    (add,      int(int a, int b),             farcall::readonly),
    (subtract, int(int a, int b),             farcall::readonly),
    (multiply, int(int a, int b),             farcall::readonly),
    (divide,   double(double a, double b),    farcall::readonly, farcall::throws<division_by_zero>),
    (greet,    std::string(std::string name), farcall::readonly))
