#pragma once

#include <string>
#include <vector>

#include <farcall/packed.hpp>
#include <farcall/service.hpp>

#include "payloads.hpp"

/// What the benchmarks of values call: everything comes back as it was sent, some of
/// it late.
RPC_SERVICE(Echo,
    (record,  bench::record(bench::record value), farcall::readonly),
    (text,    std::string(std::string value), farcall::readonly),
    (doubles, std::vector<double>(std::vector<double> values), farcall::readonly),
    (packed,  farcall::packed<std::vector<double>>(farcall::packed<std::vector<double>> values), farcall::readonly),
    (late,    int(int milliseconds), farcall::readonly))
