#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/ioctl.h>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// Keeps a socket out of programs that this process starts; Asio leaves it to them.
template <class Socket>
void close_on_exec(Socket& socket) {
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

/// A connected socket as a `byte_stream`; TCP and Unix sockets alike.
template <class Protocol>
class socket_stream final : public byte_stream {
public:
    using socket_type = boost::asio::basic_stream_socket<Protocol>;

    /// @param socket  connected
    socket_stream(socket_type socket, std::string peer) : socket_(std::move(socket)), peer_(std::move(peer)) {
        boost::system::error_code ignored;
        socket_.non_blocking(true, ignored);
        close_on_exec(socket_);
    }

    void async_read(char* into, std::size_t room, io_handler done) override {
        socket_.async_read_some(boost::asio::buffer(into, room), done);
    }

    bool async_wait(io_handler done) override {
        socket_.async_wait(socket_type::wait_read,
                           [done = std::move(done)](const boost::system::error_code& failure) { done(failure, 0); });
        return true;
    }

    std::size_t try_read(char* into, std::size_t room, boost::system::error_code& failure) override {
        return socket_.read_some(boost::asio::buffer(into, room), failure);
    }

    std::size_t try_write(const char* from, std::size_t count, boost::system::error_code& failure) override {
        return socket_.write_some(boost::asio::buffer(from, count), failure);
    }

    std::size_t try_write_parts(std::span<const std::string_view> parts, boost::system::error_code& failure) override {
        std::array<boost::asio::const_buffer, 4> buffers;
        if (parts.size() > buffers.size()) return byte_stream::try_write_parts(parts, failure);
        std::transform(parts.begin(), parts.end(), buffers.begin(),
                       [](std::string_view part) { return boost::asio::buffer(part); });
        return socket_.write_some(buffers, failure);
    }

    void async_write(const char* from, std::size_t count, io_handler done) override {
        boost::asio::async_write(socket_, boost::asio::buffer(from, count), done);
    }

    bool end_sending() noexcept override {
        // A socket that is closed with bytes unread, or gets some later, resets the connection: what the peer's system
        // has not taken is lost then. Linux counts that for us.
        int untaken = 0;
        if (::ioctl(socket_.native_handle(), TIOCOUTQ, &untaken) != 0 || untaken == 0) return false;
        boost::system::error_code failure;
        socket_.shutdown(socket_type::shutdown_send, failure);
        return !failure;
    }

    void close() noexcept override {
        boost::system::error_code ignored;
        socket_.shutdown(socket_type::shutdown_both, ignored);
        socket_.close(ignored);
    }

    std::string peer() const override { return peer_; }

private:
    socket_type socket_;
    std::string peer_;
};

}  // namespace farcall::detail
