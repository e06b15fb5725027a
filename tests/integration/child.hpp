#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include "integration/raw_socket.hpp"

namespace integration {

/// A child process that runs one test and prints the port of its server.
class child {
public:
    /// @param argument  what the child finds by `argument()`
    explicit child(const std::string& test, const std::string& argument = {}) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, 4);  // Asio's descriptors would be inherited
        std::string filter = "--gtest_filter=child_process.DISABLED_" + test;
        std::string disabled = "--gtest_also_run_disabled_tests", brief = "--gtest_brief=1", self = "/proc/self/exe";
        char* arguments[] = {self.data(), filter.data(), disabled.data(), brief.data(), nullptr};
        ::setenv("FARCALL_CHILD_ARGUMENT", argument.c_str(), 1);
        const int failed = ::posix_spawn(&id_, self.c_str(), &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        output_ = ends[0];
        if (failed != 0) throw std::runtime_error{"spawn"};
    }
    ~child() {
        if (id_ > 0) {
            ::kill(id_, SIGKILL);
            ::waitpid(id_, nullptr, 0);
        }
        ::close(output_);
    }

    /// The next line that the child tells; empty if it has ended, or says nothing.
    std::string line() {
        std::string text;
        for (char c = 0;;) {
            pollfd waiting{output_, POLLIN, 0};
            if (::poll(&waiting, 1, 20'000) <= 0 || ::read(output_, &c, 1) != 1 || c == '\n') return text;
            text += c;
        }
    }
    void signal(int number) const { ::kill(id_, number); }

    /// The exit status; −1 if the child does not end, or by a signal.
    int wait() {
        const auto until = std::chrono::steady_clock::now() + patience;
        int status = 0;
        while (::waitpid(id_, &status, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() > until) return -1;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        id_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t id_ = 0;
    int output_ = -1;
};

/// Tells the parent a line.
inline void tell(const std::string& line) {
    const std::string text = line + '\n';
    if (::write(3, text.data(), text.size()) < 0) std::abort();
}

/// In a child: what the parent gave it.
inline std::string argument() { return std::getenv("FARCALL_CHILD_ARGUMENT"); }

}  // namespace integration
