/// @file
/// The server of the benchmarks of calls: `call_server farcall`, `farcall-uncounted` (its metrics off) or, as floors, `call_server epoll|asio FRAMES`.
///
/// Prints "port N" and serves until it is told to stop. The floors answer every frame with the reply in the file FRAMES,
/// which `call_client capture` wrote.

#include <cstdio>
#include <exception>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "support/asio_wire.hpp"
#include "support/calculator_server.hpp"
#include "support/epoll_wire.hpp"

namespace {

/// One connection after another, as the next: there is one client at a time.
[[noreturn]] void serve_epoll(const bench::frame_pair& frames) {
    std::uint16_t port = 0;
    const bench::descriptor listener = bench::listen_on_loopback(port);
    bench::tell(port);
    for (;;) {
        bench::epoll_wire wire{bench::accept_one(listener)};
        while (wire.turn([&] { wire.out() += frames.reply; })) {
        }
    }
}

[[noreturn]] void serve_asio(const bench::frame_pair& frames) {
    using tcp = boost::asio::ip::tcp;
    boost::asio::io_context context{1};
    boost::asio::basic_socket_acceptor<tcp, boost::asio::io_context::executor_type> acceptor{
        context, {boost::asio::ip::address_v4::loopback(), 0}};
    bench::tell(acceptor.local_endpoint().port());
    for (;;) {
        bench::asio_wire wire{acceptor.accept(), [&](auto& to) { to.out() += frames.reply; }};
        wire.start();
        context.restart();
        context.run();
    }
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const std::string_view subject = count > 1 ? arguments[1] : "";
        if (subject == "farcall" && count == 2)
            bench::serve_farcall();
        else if (subject == "farcall-uncounted" && count == 2)
            bench::serve_farcall(false);
        else if (subject == "epoll" && count == 3)
            serve_epoll(bench::frame_pair::load(arguments[2]));
        else if (subject == "asio" && count == 3)
            serve_asio(bench::frame_pair::load(arguments[2]));
        else
            return std::fprintf(stderr, "usage: call_server farcall | farcall-uncounted | epoll FRAMES | asio FRAMES\n"), 2;
    } catch (const std::exception& failure) {
        return std::fprintf(stderr, "call_server: %s\n", failure.what()), 1;
    }
}
