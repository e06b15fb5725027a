#pragma once

#include <cstdint>
#include <cstdio>
#include <utility>

#include <farcall/server.hpp>

#include "calculator.hpp"

namespace bench {

struct calculator {
    int add(int a, int b) const { return a + b; }
    int add_once(int a, int b) const { return a + b; }
};

/// Says on standard output where a server listens: the line that the scripts wait for.
inline void tell(std::uint16_t port) {
    std::printf("port %u\n", static_cast<unsigned>(port));
    std::fflush(stdout);
}

/// Serves the calculator on a free port until the process is told to stop.
/// @param metrics  whether calls are counted and timed
inline void serve_farcall(bool metrics = true) {
    farcall::server_options options;
    options.metrics = metrics;
    farcall::server server{std::move(options)};
    server.add<Calculator>(calculator{});
    server.listen(0);
    server.start();
    tell(server.port());
    server.wait();
}

}  // namespace bench
