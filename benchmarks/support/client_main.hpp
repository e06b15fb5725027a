#pragma once

#include <cstdio>
#include <exception>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

#include "load.hpp"
#include "socket.hpp"

namespace bench {

struct named_client {
    std::string_view name;
    void (*run)(const load&);
};

/// The main function of a program of clients: runs the subject that the first argument names.
inline int client_main(int count, char** arguments, std::initializer_list<named_client> subjects) {
    const auto usage = [&] {
        std::fprintf(stderr, "usage: %s %.*ssubjects:", arguments[0], static_cast<int>(load_usage.size()), load_usage.data());
        for (const named_client& one : subjects) std::fprintf(stderr, " %.*s", static_cast<int>(one.name.size()), one.name.data());
        std::fprintf(stderr, "\n");
        return 2;
    };
    try {
        const load which = parse_load(count, arguments);
        allow_many_files();
        for (const named_client& one : subjects)
            if (one.name == which.subject) return one.run(which), 0;
        return usage();
    } catch (const std::invalid_argument& failure) {
        std::fprintf(stderr, "%s: %s\n", arguments[0], failure.what());
        return usage();
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "%s: %s\n", arguments[0], failure.what()), 1;
    }
}

}  // namespace bench
