#pragma once

#include <cstddef>
#include <string>

namespace bench {

/// How a server serves; every server program, farcall's and its peers', takes the same options.
struct serving {
    std::size_t threads = 1;  ///< that read and write
    std::string frames;       ///< of the floors: the file with the reply to every request
    bool metrics = true;      ///< of farcall: whether calls are counted and timed
    long busy_poll = 0;       ///< of farcall: microseconds of looking before it sleeps
};

}  // namespace bench
