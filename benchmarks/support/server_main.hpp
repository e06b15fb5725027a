#pragma once

#include <cstdio>
#include <exception>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "serving.hpp"
#include "socket.hpp"

namespace bench {

struct named_server {
    std::string_view name;
    /// Listens on a free port of 127.0.0.1, tells which, and serves until the process is told to stop.
    void (*run)(const serving&);
};

/// The main function of a program of servers: runs the subject that the first argument names.
inline int server_main(int count, char** arguments, std::initializer_list<named_server> subjects) {
    try {
        serving how;
        for (int at = 2; at < count; ++at) {
            const std::string_view option = arguments[at];
            if (option == "--no-metrics")
                how.metrics = false;
            else if (option == "--threads" && at + 1 < count)
                how.threads = std::stoul(arguments[++at]);
            else if (option == "--busy-poll" && at + 1 < count)
                how.busy_poll = std::stol(arguments[++at]);
            else if (option == "--frames" && at + 1 < count)
                how.frames = arguments[++at];
            else
                throw std::invalid_argument{"unknown option " + std::string{option}};
        }
        allow_many_files();
        for (const named_server& one : subjects)
            if (count > 1 && one.name == arguments[1]) return one.run(how), 0;
        std::fprintf(stderr, "usage: %s SUBJECT [--threads N] [--frames FILE] [--no-metrics] [--busy-poll MICROSECONDS]\nsubjects:", arguments[0]);
        for (const named_server& one : subjects) std::fprintf(stderr, " %.*s", static_cast<int>(one.name.size()), one.name.data());
        std::fprintf(stderr, "\n");
        return 2;
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "%s: %s\n", arguments[0], failure.what()), 1;
    }
}

}  // namespace bench
