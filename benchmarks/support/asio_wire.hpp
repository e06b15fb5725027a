#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "frames.hpp"

namespace bench {

/// The same as `epoll_wire` the way Asio wants it: what came is handled in one piece, the non-blocking socket is tried
/// first, and what it does not take waits for room.
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
    asio_wire(const asio_wire&) = delete;
    asio_wire& operator=(const asio_wire&) = delete;

    /// Reads on and on; `on_end()` is called once the peer has closed, and may destroy the wire.
    template <class OnEnd>
    void read(OnEnd on_end) {
        socket_.async_read_some(boost::asio::buffer(in_.room(), in_.room_size()),
                                [this, on_end = std::move(on_end)](boost::system::error_code failure, std::size_t count) mutable {
                                    if (failure) return on_end();
                                    take(count);
                                    read(std::move(on_end));
                                });
    }

    /// @param frame  must outlive the wire
    void add(std::string_view frame) { out_.add(frame); }

    void flush() {
        if (waits_for_room_) return;
        boost::system::error_code failure;
        const bool left = !out_.flush([&](std::string_view bytes) {
            return socket_.write_some(boost::asio::buffer(bytes), failure);
        });
        if (!left || (failure && failure != boost::asio::error::would_block)) return;
        waits_for_room_ = true;
        socket_.async_wait(socket_type::wait_write, [this](boost::system::error_code failed) {
            if (failed) return;
            waits_for_room_ = false;
            flush();
        });
    }

private:
    void take(std::size_t count) {
        in_.take(count, [this] {
            on_frame_(*this);
            if (out_.wants_flush()) flush();
        });
        if (!out_.empty()) flush();
    }

    socket_type socket_;
    OnFrame on_frame_;
    frame_cutter in_;
    frame_queue out_;
    bool waits_for_room_ = false;
};

}  // namespace bench
