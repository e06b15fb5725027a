#pragma once

#include <iosfwd>

#include "command_line.hpp"
#include "exit_status.hpp"

namespace tool {

/// Where the program reads and writes.
struct streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal;
};

/// Does what the command line asks for.
exit_status run(const request& asked, streams io);

}  // namespace tool
