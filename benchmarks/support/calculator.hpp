#pragma once

#include <farcall/service.hpp>

/// What the benchmarks call: the smallest method that takes and gives something, and the same with a promise.
RPC_SERVICE(Calculator,
    (add,      int(int a, int b), farcall::readonly),
    (add_once, int(int a, int b), farcall::exactly_once))
