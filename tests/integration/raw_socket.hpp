#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/// @file
/// The other side of a connection, without farcall: plain sockets that send any bytes and see any bytes.
namespace integration {

using namespace std::chrono_literals;

/// Longest wait of a test for something that should happen at once; only a failing test takes so long.
inline constexpr std::chrono::seconds patience{20};

/// The native frame of a text.
inline std::string frame(std::string_view text) {
    const auto length = static_cast<std::uint32_t>(text.size());
    std::string made{static_cast<char>(length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
                     static_cast<char>(length)};
    made += text;
    return made;
}

/// The four bytes of a length.
inline std::string header(std::uint32_t length) {
    return {static_cast<char>(length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
            static_cast<char>(length)};
}

/// A blocking TCP connection with bounded waits.
class raw_socket {
public:
    explicit raw_socket(int descriptor) : descriptor_(descriptor) {
        const int on = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    raw_socket(raw_socket&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}
    raw_socket& operator=(raw_socket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        std::swap(received_, other.received_);
        return *this;
    }
    ~raw_socket() { close(); }

    /// @param receive_buffer  bytes that the system takes for a peer that does not read; 0: its default
    static raw_socket connect(std::uint16_t port, int receive_buffer = 0) {
        const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (made < 0) throw std::runtime_error{"socket"};
        if (receive_buffer != 0) ::setsockopt(made, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
            ::close(made);
            throw std::runtime_error{"connect"};
        }
        return raw_socket{made};
    }

    /// Sends everything. False: the peer does not take it any more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = send_some(bytes, patience);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    bool send_frame(std::string_view text) { return send(frame(text)); }

    /// Sends what fits within a time: the number of bytes, 0 when there was no room, below 0 for a lost connection.
    ssize_t send_some(std::string_view bytes, std::chrono::milliseconds within) {
        if (!ready(POLLOUT, within)) return 0;
        return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    /// The next frame's text; empty when the peer has closed, or nothing came in time.
    std::optional<std::string> receive(std::chrono::milliseconds within = patience) {
        const auto until = std::chrono::steady_clock::now() + within;
        for (;;) {
            if (received_.size() >= 4) {
                std::size_t length = 0;
                for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(received_[static_cast<std::size_t>(i)]);
                if (received_.size() - 4 >= length) {
                    std::string text = received_.substr(4, length);
                    received_.erase(0, 4 + length);
                    return text;
                }
            }
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            if (left.count() <= 0 || !read_some(left)) return std::nullopt;
        }
    }

    /// The next line's text without its LF; empty when the peer has closed, or nothing came in time.
    std::optional<std::string> receive_line(std::chrono::milliseconds within = patience) {
        const auto until = std::chrono::steady_clock::now() + within;
        for (;;) {
            if (const std::size_t end = received_.find('\n'); end != received_.npos) {
                std::string text = received_.substr(0, end);
                received_.erase(0, end + 1);
                return text;
            }
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            if (left.count() <= 0 || !read_some(left)) return std::nullopt;
        }
    }

    /// Exactly so many bytes; fewer when the peer has closed, or nothing came in time.
    std::string receive_bytes(std::size_t count, std::chrono::milliseconds within = patience) {
        const auto until = std::chrono::steady_clock::now() + within;
        while (received_.size() < count) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            if (left.count() <= 0 || !read_some(left)) break;
        }
        std::string bytes = received_.substr(0, count);
        received_.erase(0, count);
        return bytes;
    }

    /// Everything up to the peer's end; what came so far if it does not end in time.
    std::string receive_all(std::chrono::milliseconds within = patience) {
        closed_by_peer(within);
        return std::exchange(received_, {});
    }

    /// Whether the peer closes, after whatever it still sends.
    bool closed_by_peer(std::chrono::milliseconds within = patience) {
        const auto until = std::chrono::steady_clock::now() + within;
        while (!ended_) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            if (left.count() <= 0 || (!read_some(left) && !ended_)) return false;
        }
        return true;
    }

    /// Tells the peer that nothing more will be sent.
    void half_close() { ::shutdown(descriptor_, SHUT_WR); }
    /// Ends the connection with a reset.
    void reset() {
        const linger hard{1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close();
    }
    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

private:
    bool ready(short what, std::chrono::milliseconds within) const {
        pollfd waiting{descriptor_, what, 0};
        return ::poll(&waiting, 1, static_cast<int>(within.count())) > 0;
    }

    bool read_some(std::chrono::milliseconds within) {
        if (!ready(POLLIN, within)) return false;
        char part[65536];
        const ssize_t count = ::recv(descriptor_, part, sizeof part, 0);
        if (count <= 0) {
            ended_ = true;
            return false;
        }
        received_.append(part, static_cast<std::size_t>(count));
        return true;
    }

    int descriptor_;
    std::string received_;
    bool ended_ = false;
};

/// A listening TCP socket on a port of the system's choice.
class raw_listener {
public:
    explicit raw_listener(std::uint16_t port = 0) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int on = 1;
        ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
            ::listen(descriptor_, 64) != 0 || ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
            throw std::runtime_error{"listen"};
        port_ = ntohs(at.sin_port);
    }
    raw_listener(const raw_listener&) = delete;
    raw_listener& operator=(const raw_listener&) = delete;
    ~raw_listener() { close(); }

    std::uint16_t port() const { return port_; }
    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

    /// Waits for a connection. Throws if none comes.
    raw_socket accept() const {
        pollfd waiting{descriptor_, POLLIN, 0};
        if (::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds{patience}.count())) <= 0)
            throw std::runtime_error{"nobody connects"};
        const int made = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
        if (made < 0) throw std::runtime_error{"accept"};
        return raw_socket{made};
    }

    void close() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

}  // namespace integration
