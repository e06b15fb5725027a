#pragma once

#include <farcall/error.hpp>

namespace tool {

/// What the program ends with; scripts go by it, so the numbers stay as they are. See `help_text`.
enum class exit_status : int {
    done = 0,
    refused = 1,         ///< the server answered with an error
    usage = 2,           ///< the command line is wrong; nothing was sent
    unreachable = 3,     ///< no connection to the server, or it was lost
    timed_out = 4,
    not_understood = 5,  ///< the server's answer makes no sense, or what it said could not be written
};

/// What a call that failed makes the program end with.
inline exit_status exit_status_of(const farcall::error& failure) {
    using farcall::status;
    if (failure.status() == status::unavailable) return exit_status::unreachable;
    if (failure.status() == status::deadline_exceeded) return exit_status::timed_out;
    if (failure.origin() == farcall::origin::peer) return exit_status::refused;
    return failure.status() == status::internal ? exit_status::not_understood : exit_status::usage;
}

}  // namespace tool
