#pragma once

#include <cerrno>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>

#include "frames.hpp"
#include "socket.hpp"

namespace bench {

/// Waits for sockets, each with a pointer that tells whose it is.
class epoll {
public:
    epoll() : epoll_(check(::epoll_create1(0), "epoll_create1")) {}

    void control(int operation, int socket, std::uint32_t events, void* whose) {
        epoll_event event{};
        event.events = events;
        event.data.ptr = whose;
        check(::epoll_ctl(epoll_.get(), operation, socket, &event), "epoll_ctl");
    }

    /// Calls `on_event(whose, events)` for each socket that has something.
    template <class OnEvent>
    void wait(OnEvent&& on_event) {
        epoll_event events[64];
        const int count = ::epoll_wait(epoll_.get(), events, 64, -1);
        if (count < 0 && errno != EINTR) check(count, "epoll_wait");
        for (int i = 0; i < count; ++i) on_event(events[i].data.ptr, events[i].events);
    }

private:
    descriptor epoll_;
};

/// One connection on epoll: a read and a write for each batch of frames, and nothing between.
///
/// Made by one thread, used by the one that waits for its epoll.
class epoll_wire {
public:
    epoll_wire(epoll& loop, descriptor socket) : loop_(loop), socket_(std::move(socket)) {
        check(::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK), "O_NONBLOCK");
        loop_.control(EPOLL_CTL_ADD, socket_.get(), EPOLLIN, this);
    }
    epoll_wire(const epoll_wire&) = delete;
    epoll_wire& operator=(const epoll_wire&) = delete;

    /// @param frame  must outlive the wire
    void add(std::string_view frame) { out_.add(frame); }

    /// Writes what is pending; what finds no room goes out when there is some.
    void flush() {
        const bool left = !out_.flush([this](std::string_view bytes) {
            const long sent = ::write(socket_.get(), bytes.data(), bytes.size());
            if (sent < 0 && errno != EAGAIN) check(sent, "write");
            return sent < 0 ? std::size_t{0} : static_cast<std::size_t>(sent);
        });
        if (left == waits_for_room_) return;
        waits_for_room_ = left;
        loop_.control(EPOLL_CTL_MOD, socket_.get(), left ? EPOLLIN | EPOLLOUT : EPOLLIN, this);
    }

    /// Does what can be done after an event; calls `on_frame(*this)` for each frame that came.
    /// @returns false if the peer has closed
    template <class OnFrame>
    bool handle(std::uint32_t events, OnFrame&& on_frame) {
        if ((events & EPOLLOUT) != 0) flush();
        if ((events & EPOLLIN) == 0) return (events & (EPOLLERR | EPOLLHUP)) == 0;
        const long got = ::read(socket_.get(), in_.room(), in_.room_size());
        if (got <= 0) return got < 0 && errno == EAGAIN;
        in_.take(static_cast<std::size_t>(got), [&] {
            on_frame(*this);
            if (out_.wants_flush() && !waits_for_room_) flush();
        });
        if (!out_.empty() && !waits_for_room_) flush();
        return true;
    }

private:
    epoll& loop_;
    descriptor socket_;
    frame_cutter in_;
    frame_queue out_;
    bool waits_for_room_ = false;
};

}  // namespace bench
