#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <farcall.hpp>

RPC_SERVICE(Quiet, (ping, void()))

namespace {

struct quiet {
    void ping() {}
};

/// Sockets of this process that a program started by it would inherit.
int inherited_sockets() {
    int count = 0;
    for (int fd = 0; fd < 1024; ++fd) {
        // By name: to look into a descriptor that another thread closes later is a race for the thread sanitizer.
        std::error_code failure;
        const auto what = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), failure).string();
        if (what.starts_with("socket:") && (::fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0) ++count;
    }
    return count;
}

TEST(descriptors, are_not_inherited_by_programs_that_are_started) {
    const int before = inherited_sockets();
    const std::string path = std::filesystem::temp_directory_path() / ("farcall_descriptors_" + std::to_string(::getpid()));
    farcall::server server;
    server.add<Quiet>(quiet{});
    server.listen(0);
    server.listen("unix://" + path);
    server.start();
    Quiet::proxy over_tcp{"tcp://127.0.0.1:" + std::to_string(server.port())};
    Quiet::proxy over_unix{"unix://" + path};
    over_tcp.ping();
    over_unix.ping();
    EXPECT_EQ(inherited_sockets(), before);
}

}  // namespace
