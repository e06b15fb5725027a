#pragma once

#include <cstdio>
#include <vector>

#include "load.hpp"

namespace bench {

/// Opens the connections of a load by `open()`, which makes one call and returns what keeps a connection open, says so, and
/// keeps them until standard input ends.
template <class Open>
void hold(const load& which, Open&& open) {
    std::vector<decltype(open())> kept;
    kept.reserve(which.connections);
    for (std::size_t i = 0; i < which.connections; ++i) kept.push_back(open());
    std::printf("held\n");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
}

}  // namespace bench
