#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "frames.hpp"

namespace bench {

/// The same as `epoll_wire` the way Asio wants it: what came is handled in one piece, the non-blocking socket is tried
/// first, `async_write` takes the rest.
///
/// @tparam OnFrame  called with the wire for each frame
template <class OnFrame>
class asio_wire {
public:
    using tcp = boost::asio::ip::tcp;
    using socket_type = boost::asio::basic_stream_socket<tcp, boost::asio::io_context::executor_type>;

    asio_wire(socket_type socket, OnFrame on_frame) : socket_(std::move(socket)), on_frame_(std::move(on_frame)) {
        socket_.set_option(tcp::no_delay{true});
        socket_.non_blocking(true);
    }

    std::string& out() { return pump_.out(); }

    void start() { read(); }

    void flush() {
        if (writing_ || out().empty()) return;
        boost::system::error_code failure;
        const std::size_t sent = socket_.write_some(boost::asio::buffer(out()), failure);
        if (failure && failure != boost::asio::error::would_block) return;
        if (sent == out().size()) return out().clear();
        sending_.assign(out(), sent);
        out().clear();
        writing_ = true;
        boost::asio::async_write(socket_, boost::asio::buffer(sending_), [this](boost::system::error_code failed, std::size_t) {
            writing_ = false;
            if (!failed) flush();
        });
    }

private:
    void read() {
        socket_.async_read_some(boost::asio::buffer(pump_.room(), pump_.room_size()),
                                [this](boost::system::error_code failure, std::size_t count) {
                                    if (failure) return;
                                    pump_.take(count, [this] { on_frame_(*this); }, [this] { flush(); });
                                    read();
                                });
    }

    socket_type socket_;
    OnFrame on_frame_;
    frame_pump pump_;
    std::string sending_;
    bool writing_ = false;
};

}  // namespace bench
