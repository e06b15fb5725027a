#pragma once

#include <cstddef>
#include <string>

/// Each listens on a free port of 127.0.0.1, tells which, and serves until the process is told to stop.
namespace bench {

struct serving {
    std::size_t threads = 1;
    std::string frames;    ///< of the floors: the file with the reply to every request
    bool metrics = true;   ///< of farcall: whether calls are counted and timed
};

void serve_farcall(const serving& how);
void serve_epoll(const serving& how);
void serve_asio(const serving& how);
void serve_http(const serving& how);

}  // namespace bench
