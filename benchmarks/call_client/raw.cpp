#include <list>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/asio_wire.hpp"
#include "../support/epoll_wire.hpp"
#include "../support/hold.hpp"
#include "../support/measure.hpp"
#include "../support/run_course.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

frame_pair frames_of(const load& which) { return frame_pair::load(which.frames + '/' + which.call); }

/// Connects, sends what it is told to, and waits for as much as is to come back.
class blocking_wire {
public:
    blocking_wire(const load& which, const frame_pair& frames)
        : frames_(&frames), socket_(connect_to(which.port)), reply_(frames.reply.size(), '\0') {}

    void call() {
        write_all(socket_.get(), frames_->request);
        if (!read_all(socket_.get(), reply_.data(), reply_.size())) throw std::runtime_error{"the server closed"};
    }

private:
    const frame_pair* frames_;
    descriptor socket_;
    std::string reply_;
};

}  // namespace

void raw_blocking(const load& which) {
    const frame_pair frames = frames_of(which);
    std::list<blocking_wire> wires;
    for (std::size_t i = 0; i < which.threads; ++i) wires.emplace_back(which, frames);
    std::vector<blocking_wire*> of_thread;
    for (blocking_wire& one : wires) of_thread.push_back(&one);
    measure_threads(which, [&](std::size_t number) { of_thread[number]->call(); });
}

void raw_connect(const load& which) {
    const frame_pair frames = frames_of(which);
    const auto open = [&] {
        blocking_wire opened{which, frames};
        opened.call();
        return opened;
    };
    if (which.hold) return hold(which, open);
    measure_threads(which, [&](std::size_t) { open(); });
}

void raw_epoll(const load& which) {
    const frame_pair frames = frames_of(which);
    epoll loop;
    std::list<epoll_wire> wires;
    for (std::size_t i = 0; i < which.connections; ++i) wires.emplace_back(loop, connect_to(which.port));
    measure(which, [&](course& calls) {
        const auto start = [&](epoll_wire& wire) {
            if (calls.start_one()) wire.add(frames.request);
        };
        for (epoll_wire& wire : wires) {
            for (std::size_t i = 0; i < which.in_flight; ++i) start(wire);
            wire.flush();
        }
        while (!calls.ended()) {
            loop.wait([&](void* whose, std::uint32_t events) {
                const bool open = static_cast<epoll_wire*>(whose)->handle(events, [&](epoll_wire& wire) {
                    calls.end_one();
                    start(wire);
                });
                if (!open) throw std::runtime_error{"the server closed"};
            });
        }
    });
}

void raw_asio(const load& which) {
    const frame_pair frames = frames_of(which);
    boost::asio::io_context context{1};
    course* calls = nullptr;
    const auto start = [&](auto& wire) {
        if (calls->start_one()) wire.add(frames.request);
    };
    auto on_frame = [&](auto& wire) {
        calls->end_one();
        start(wire);
    };
    using wire_type = asio_wire<decltype(on_frame)>;
    std::list<wire_type> wires;
    bool closed = false;
    for (std::size_t i = 0; i < which.connections; ++i) {
        wire_type::socket_type socket{context};
        socket.connect({boost::asio::ip::address_v4::loopback(), which.port});
        wires.emplace_back(std::move(socket), on_frame).read([&] {
            closed = true;
            context.stop();
        });
    }
    measure(which, [&](course& current) {
        calls = &current;
        run_course(context, current, [&] {
            for (wire_type& wire : wires) {
                for (std::size_t i = 0; i < which.in_flight; ++i) start(wire);
                wire.flush();
            }
        });
        if (closed) throw std::runtime_error{"the server closed"};
    });
}

}  // namespace bench
