/// @file
/// The server of the benchmarks of calls: farcall, or one of its floors, which answer every frame with the reply in the
/// file FRAMES that `call_client capture` wrote. Prints "port N" and serves until it is told to stop.

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string_view>

#include "../support/socket.hpp"
#include "subjects.hpp"

namespace {

constexpr const char* usage =
    "usage: call_server farcall [--threads N] [--no-metrics]\n"
    "       call_server epoll | asio --frames FILE [--threads N]\n"
    "       call_server http\n";

bench::serving parse(int count, char** arguments) {
    bench::serving how;
    for (int at = 2; at < count; ++at) {
        const std::string_view option = arguments[at];
        if (option == "--no-metrics")
            how.metrics = false;
        else if (option == "--threads" && at + 1 < count)
            how.threads = std::stoul(arguments[++at]);
        else if (option == "--frames" && at + 1 < count)
            how.frames = arguments[++at];
        else
            throw std::invalid_argument{"unknown option " + std::string{option}};
    }
    return how;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const std::string_view subject = count > 1 ? arguments[1] : "";
        const bench::serving how = parse(count, arguments);
        bench::allow_many_files();
        if (subject == "farcall")
            bench::serve_farcall(how);
        else if (subject == "epoll")
            bench::serve_epoll(how);
        else if (subject == "asio")
            bench::serve_asio(how);
        else if (subject == "http")
            bench::serve_http(how);
        else
            return std::fprintf(stderr, "%s", usage), 2;
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "call_server: %s\n", failure.what()), 1;
    }
}
