/// @file
/// The server of the benchmarks of calls: farcall, or one of its floors, which answer every frame with the reply in the
/// file FRAMES that `call_client capture` wrote. Prints "port N" and serves until it is told to stop.

#include "../support/server_main.hpp"
#include "subjects.hpp"

int main(int count, char** arguments) {
    return bench::server_main(count, arguments, {
        {"farcall", bench::serve_farcall},
        {"epoll", bench::serve_epoll},
        {"asio", bench::serve_asio},
        {"http", bench::serve_http},
    });
}
