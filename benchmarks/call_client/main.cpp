/// @file
/// The clients of the benchmarks of calls: farcall's ways to call, and their floors, which only move the same bytes. Makes
/// the calls of a load and prints one line of JSON about them; `call_client capture` writes what calls look like on the
/// wire, for the floors.

#include <cstdio>
#include <exception>
#include <stdexcept>

#include "../support/socket.hpp"
#include "subjects.hpp"

namespace {

struct named_subject {
    std::string_view name;
    void (*run)(const bench::load&);
};
constexpr named_subject subjects[] = {
    {"raw-blocking", bench::raw_blocking},
    {"raw-epoll", bench::raw_epoll},
    {"raw-asio", bench::raw_asio},
    {"raw-connect", bench::raw_connect},
    {"farcall-blocking", bench::farcall_blocking},
    {"farcall-callback", bench::farcall_callback},
    {"farcall-context", bench::farcall_context},
    {"farcall-no-deadline", bench::farcall_no_deadline},
    {"farcall-coroutine", bench::farcall_coroutine},
    {"farcall-connect", bench::farcall_connect},
    {"capture", bench::capture},
};

int usage() {
    std::fprintf(stderr, "usage: call_client %.*ssubjects:", static_cast<int>(bench::load_usage.size()), bench::load_usage.data());
    for (const auto& [name, run] : subjects) std::fprintf(stderr, " %.*s", static_cast<int>(name.size()), name.data());
    std::fprintf(stderr, "\n");
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const bench::load which = bench::parse_load(count, arguments);
        bench::allow_many_files();
        for (const auto& [name, run] : subjects)
            if (name == which.subject) return run(which), 0;
        return usage();
    } catch (const std::invalid_argument& failure) {
        std::fprintf(stderr, "call_client: %s\n", failure.what());
        return usage();
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "call_client: %s\n", failure.what()), 1;
    }
}
