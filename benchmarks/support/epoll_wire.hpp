#pragma once

#include <cerrno>
#include <cstdint>
#include <string>

#include <fcntl.h>
#include <sys/epoll.h>

#include "frames.hpp"
#include "socket.hpp"

namespace bench {

/// One connection on epoll: a wait, a read and a write for each batch of frames, and nothing between.
class epoll_wire {
public:
    explicit epoll_wire(descriptor socket) : socket_(std::move(socket)), epoll_(check(::epoll_create1(0), "epoll_create1")) {
        check(::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK), "O_NONBLOCK");
        control(EPOLL_CTL_ADD, EPOLLIN);
    }

    std::string& out() { return pump_.out(); }

    /// Writes what is pending; what finds no room goes out when there is some.
    void flush() {
        std::string& out = pump_.out();
        const long sent = ::write(socket_.get(), out.data(), out.size());
        if (sent < 0 && errno != EAGAIN) check(sent, "write");
        out.erase(0, sent < 0 ? 0 : static_cast<std::size_t>(sent));
        if (const bool left = !out.empty(); left != waits_for_room_) {
            waits_for_room_ = left;
            control(EPOLL_CTL_MOD, left ? EPOLLIN | EPOLLOUT : EPOLLIN);
        }
    }

    /// Waits for bytes and calls `on_frame()` for each frame in them.
    /// @returns false if the peer has closed
    template <class OnFrame>
    bool turn(OnFrame&& on_frame) {
        epoll_event event{};
        long count;
        do count = ::epoll_wait(epoll_.get(), &event, 1, -1);
        while (count < 0 && errno == EINTR);
        check(count, "epoll_wait");
        if ((event.events & EPOLLOUT) != 0) flush();
        if ((event.events & EPOLLIN) == 0) return (event.events & (EPOLLERR | EPOLLHUP)) == 0;
        const long got = ::read(socket_.get(), pump_.room(), pump_.room_size());
        if (got <= 0) return got < 0 && errno == EAGAIN;
        pump_.take(static_cast<std::size_t>(got), on_frame, [this] { flush(); });
        return true;
    }

private:
    void control(int operation, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        check(::epoll_ctl(epoll_.get(), operation, socket_.get(), &event), "epoll_ctl");
    }

    descriptor socket_;
    descriptor epoll_;
    frame_pump pump_;
    bool waits_for_room_ = false;
};

}  // namespace bench
