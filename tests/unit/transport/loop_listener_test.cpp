#include <gtest/gtest.h>

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

}  // namespace
