/// @file
/// Counts how often a large value is copied on its way there and back, on the server's thread and on the client's, and how
/// long that takes: `copies [BYTES]`, 8 MB if not told otherwise.
///
/// Server and client live in this one process, each on its own thread, over TCP. Bytes are counted that memcpy and memmove
/// move for our own code and for templates (by the linker's --wrap); what the system copies between sockets and buffers,
/// once a side and direction, is not among them. A copy is as many bytes as the value has: with one in and one out, an echo
/// that moves its value makes two.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <farcall.hpp>

#include "support/payloads.hpp"

namespace {

thread_local std::uint64_t copied = 0;

}  // namespace

extern "C" {
void* __real_memcpy(void* to, const void* from, std::size_t count);
void* __real_memmove(void* to, const void* from, std::size_t count);

void* __wrap_memcpy(void* to, const void* from, std::size_t count) {
    copied += count;
    return __real_memcpy(to, from, count);
}
void* __wrap_memmove(void* to, const void* from, std::size_t count) {
    copied += count;
    return __real_memmove(to, from, count);
}
}

RPC_SERVICE(Mirror, (text, std::string(std::string value), farcall::readonly))

namespace {

struct mirror {
    std::uint64_t** server;
    std::string text(std::string value) const {
        *server = &copied;
        return value;
    }
};

}  // namespace

int main(int count, char** arguments) {
    const std::size_t bytes = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 8'000'000;
    constexpr int warm_up = 5, measured = 20;
    std::uint64_t* on_server = nullptr;
    farcall::server_options server_options;
    farcall::client_options client_options;
    server_options.limits.frame = client_options.limits.frame = farcall::limits::frame_ceiling;
    server_options.limits.write_buffer_hard = client_options.limits.write_buffer_hard = farcall::limits::frame_ceiling;
    farcall::server server{server_options};
    server.add<Mirror>(mirror{&on_server});
    server.listen(0);
    server.start();
    const Mirror::proxy proxy{"tcp://127.0.0.1:" + std::to_string(server.port()), client_options};
    const std::string value = bench::sample_text(bytes);

    std::vector<double> milliseconds;
    std::uint64_t client_began = 0, server_began = 0;
    for (int i = 0; i < warm_up + measured; ++i) {
        if (i == warm_up) client_began = copied, server_began = *on_server;
        const auto began = std::chrono::steady_clock::now();
        if (proxy.text(value) != value) return std::fprintf(stderr, "copies: another text came back\n"), 1;
        if (i >= warm_up)
            milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    const auto per_call = [&](std::uint64_t moved) { return static_cast<double>(moved) / static_cast<double>(bytes) / measured; };
    const double client = per_call(copied - client_began), on_other = per_call(*on_server - server_began);
    std::nth_element(milliseconds.begin(), milliseconds.begin() + measured / 2, milliseconds.end());
    std::printf("{\"bytes\":%zu,\"milliseconds\":%.3f,\"server_copies\":%.2f,\"client_copies\":%.2f}\n", bytes,
                milliseconds[measured / 2], on_other, client);
}
