/// @file
/// The clients of the benchmarks of calls: farcall's ways to call, and their floors, which only move the same bytes. Makes
/// the calls of a load and prints one line of JSON about them; `call_client capture` writes what calls look like on the
/// wire, for the floors.

#include "../support/client_main.hpp"
#include "subjects.hpp"

int main(int count, char** arguments) {
    return bench::client_main(count, arguments, {
        {"raw-blocking", bench::raw_blocking},
        {"raw-epoll", bench::raw_epoll},
        {"raw-asio", bench::raw_asio},
        {"raw-connect", bench::raw_connect},
        {"farcall-blocking", bench::farcall_blocking},
        {"farcall-busy", bench::farcall_busy},
        {"farcall-callback", bench::farcall_callback},
        {"farcall-context", bench::farcall_context},
        {"farcall-no-deadline", bench::farcall_no_deadline},
        {"farcall-coroutine", bench::farcall_coroutine},
        {"farcall-behind-slow", bench::farcall_behind_slow},
        {"farcall-connect", bench::farcall_connect},
        {"capture", bench::capture},
    });
}
