#pragma once

#include <farcall/service.hpp>

/// What the benchmarks call: the smallest method that takes and gives something.
RPC_SERVICE(Calculator,
    (add, int(int a, int b), farcall::readonly))
