#pragma once

#include <cstdint>
#include <cstdio>

namespace bench {

/// Says on standard output where a server listens: the line that the scripts wait for.
inline void tell(std::uint16_t port) {
    std::printf("port %u\n", static_cast<unsigned>(port));
    std::fflush(stdout);
}

}  // namespace bench
