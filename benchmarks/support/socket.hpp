#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

inline long check(long outcome, const char* what) {
    if (outcome < 0) throw std::system_error{errno, std::generic_category(), what};
    return outcome;
}

/// A file descriptor that closes itself.
class descriptor {
public:
    explicit descriptor(long number) : number_(static_cast<int>(number)) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }
    /// Gives it to whoever closes it from now on.
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

inline void set_no_delay(int socket) {
    const int on = 1;
    check(::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
}

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Listens on a free port of 127.0.0.1.
inline descriptor listen_on_loopback(std::uint16_t& port) {
    descriptor listener{check(::socket(AF_INET, SOCK_STREAM, 0), "socket")};
    sockaddr_in address = loopback(0);
    check(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
    check(::listen(listener.get(), 4096), "listen");
    socklen_t size = sizeof address;
    check(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    port = ntohs(address.sin_port);
    return listener;
}

/// As many open files as the system allows: thousands of connections are measured.
inline void allow_many_files() {
    rlimit files{};
    check(::getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
    files.rlim_cur = files.rlim_max;
    check(::setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
}

inline descriptor accept_one(const descriptor& listener) {
    descriptor accepted{check(::accept(listener.get(), nullptr, nullptr), "accept")};
    set_no_delay(accepted.get());
    return accepted;
}

inline descriptor connect_to(std::uint16_t port) {
    descriptor socket{check(::socket(AF_INET, SOCK_STREAM, 0), "socket")};
    const sockaddr_in address = loopback(port);
    check(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "connect");
    set_no_delay(socket.get());
    return socket;
}

inline void write_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) bytes.remove_prefix(static_cast<std::size_t>(check(::write(socket, bytes.data(), bytes.size()), "write")));
}

/// @returns false if the peer has closed
inline bool read_all(int socket, char* into, std::size_t count) {
    while (count != 0) {
        const long got = check(::read(socket, into, count), "read");
        if (got == 0) return false;
        into += got;
        count -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace bench
