#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <farcall/detail/descriptor.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/transport/event_loop.hpp>
#include <farcall/transport/tcp_transport.hpp>
#include <farcall/transport/unix_transport.hpp>

#include "unit/transport/forbidden_call.hpp"

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using farcall::detail::event_loop;

std::string listener_path(const std::string& name) {
    return (std::filesystem::temp_directory_path() / ("farcall_listener_" + std::to_string(::getpid()) + name)).string();
}

sockaddr_un local_address(const std::string& path) {
    sockaddr_un made{};
    made.sun_family = AF_UNIX;
    std::memcpy(made.sun_path, path.data(), path.size());
    return made;
}

/// Called by each `listen` of the program when the socket listens, and before anybody else knows.
void (*when_it_listens)(int socket) = nullptr;
std::optional<farcall::detail::descriptor> first_client;
sockaddr_in first_address{};

void connect_first(int socket) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size);
    first_client.emplace(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(first_client->number(), reinterpret_cast<const sockaddr*>(&at), size), 0);
    ::getsockname(first_client->number(), reinterpret_cast<sockaddr*>(&first_address), &size);
}

TEST(loop_listener, does_not_even_delay_the_first_connection) {
    event_loop loop;
    loop.enter();
    when_it_listens = connect_first;
    const auto listener = farcall::tcp_transport{}.listen(farcall::parse_endpoint("tcp://127.0.0.1:0").value(), loop.get_executor());
    when_it_listens = nullptr;
    std::unique_ptr<farcall::byte_stream> near;
    listener->async_accept(loop.get_executor(), [&](error_code, auto made) { near = std::move(made); });
    loop.run_out(1h);
    ASSERT_TRUE(near);
    int found = 0;
    for (int each = 3; each < 1024; ++each) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(each, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || peer.sin_port != first_address.sin_port) continue;
        ++found;
        int no_delay = 0;
        socklen_t length = sizeof no_delay;
        EXPECT_EQ(::getsockopt(each, IPPROTO_TCP, TCP_NODELAY, &no_delay, &length), 0);
        EXPECT_NE(no_delay, 0);
    }
    EXPECT_EQ(found, 1);
    first_client.reset();
    loop.leave();
}

TEST(loop_listener, takes_in_whoever_has_a_path_of_its_own_that_fills_the_address) {
    farcall::unix_transport local;
    boost::asio::io_context other;
    for (const bool ours : {true, false}) {
        event_loop loop;
        loop.enter();
        const std::string path = listener_path("_at");
        const auto listener = local.listen(farcall::parse_endpoint("unix://" + path).value(), loop.get_executor());
        std::unique_ptr<farcall::byte_stream> near;
        listener->async_accept(
            ours ? boost::asio::any_io_executor{loop.get_executor()} : boost::asio::any_io_executor{other.get_executor()},
            [&](error_code failure, auto made) {
                EXPECT_FALSE(failure) << failure.message();
                near = std::move(made);
            });
        std::string full = listener_path("_of_a_client");
        full.resize(sizeof sockaddr_un{}.sun_path, 'x');
        const farcall::detail::descriptor far{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const sockaddr_un own = local_address(full), to = local_address(path);
        ASSERT_EQ(::bind(far.number(), reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
        ::unlink(full.c_str());
        ASSERT_EQ(::connect(far.number(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
        loop.run_out(1h);
        ASSERT_TRUE(near);
        error_code failure;
        EXPECT_EQ(near->try_write("x", 1, failure), 1u);
        EXPECT_EQ(near->peer(), "unix:0");
        loop.leave();
    }
}

TEST(loop_listener, goes_on_after_the_system_had_no_room_to_wait) {
    event_loop loop;
    farcall::tcp_transport tcp;
    const auto listener = tcp.listen(farcall::parse_endpoint("tcp://127.0.0.1:0").value(), loop.get_executor());
    std::optional<error_code> end;
    std::unique_ptr<farcall::byte_stream> near, far;
    const auto accept = [&] {
        end.reset();
        listener->async_accept(loop.get_executor(), [&](error_code failure, auto made) {
            end = failure;
            near = std::move(made);
        });
        loop.run_out(1h);
    };
    bool forbidden = false;
    std::thread([&] {
        forbidden = transport_testing::forbid_call(SYS_epoll_ctl, ENOSPC);
        if (!forbidden) return;
        loop.enter();
        accept();
        loop.leave();
    }).join();
    if (!forbidden) GTEST_SKIP() << "no filters of system calls here";
    EXPECT_EQ(end, error_code(ENOSPC, boost::system::system_category()));
    loop.enter();
    tcp.async_connect(listener->local(), loop.get_executor(), [&](error_code, auto made) { far = std::move(made); });
    accept();
    EXPECT_EQ(end, error_code{});
    EXPECT_TRUE(near && far);
    loop.leave();
}

TEST(loop_listener, makes_sockets_that_do_not_delay_nor_block_and_are_kept_from_other_programs) {
    event_loop loop;
    loop.enter();
    farcall::tcp_transport tcp;
    const auto listener = tcp.listen(farcall::parse_endpoint("tcp://127.0.0.1:0").value(), loop.get_executor());
    std::unique_ptr<farcall::byte_stream> near, far;
    tcp.async_connect(listener->local(), loop.get_executor(), [&](auto, auto made) { near = std::move(made); });
    listener->async_accept(loop.get_executor(), [&](auto, auto made) { far = std::move(made); });
    loop.run_out(1h);
    ASSERT_TRUE(near && far);
    int found = 0;
    for (int each = 3; each < 1024; ++each) {
        const auto port_of = [&](auto get) {
            sockaddr_in address{};
            socklen_t size = sizeof address;
            if (get(each, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET) return 0;
            return static_cast<int>(ntohs(address.sin_port));
        };
        const int port = listener->local().port;
        const int peer = port_of(::getpeername);
        if (peer == 0 || (port_of(::getsockname) != port && peer != port)) continue;
        ++found;
        int no_delay = 0;
        socklen_t size = sizeof no_delay;
        EXPECT_EQ(::getsockopt(each, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
        EXPECT_NE(no_delay, 0);
        EXPECT_NE(::fcntl(each, F_GETFL) & O_NONBLOCK, 0);
        EXPECT_NE(::fcntl(each, F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_EQ(found, 2);
    loop.leave();
}

TEST(loop_listener, goes_on_after_a_while_in_which_nobody_accepted) {
    event_loop loop;
    loop.enter();
    farcall::tcp_transport tcp;
    const auto listener = tcp.listen(farcall::parse_endpoint("tcp://127.0.0.1:0").value(), loop.get_executor());
    std::vector<std::unique_ptr<farcall::byte_stream>> near, far;
    const auto connect = [&] {
        tcp.async_connect(listener->local(), loop.get_executor(), [&](auto, auto made) { near.push_back(std::move(made)); });
    };
    const auto accept = [&] {
        listener->async_accept(loop.get_executor(), [&](auto, auto made) { far.push_back(std::move(made)); });
    };
    accept();
    for (int i = 0; i < 3; ++i) connect();
    loop.run_out(1h);
    EXPECT_EQ(near.size(), 3u);
    EXPECT_EQ(far.size(), 1u);
    for (std::size_t count = 2; count <= 3; ++count) {
        accept();
        loop.run_out(1h);
        EXPECT_EQ(far.size(), count);
    }
    loop.leave();
}

}  // namespace

extern "C" int listen(int socket, int most) noexcept {
    const long made = ::syscall(SYS_listen, socket, most);
    if (when_it_listens != nullptr) when_it_listens(socket);
    return static_cast<int>(made);
}
