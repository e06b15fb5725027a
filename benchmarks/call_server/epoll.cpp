#include <cstdint>
#include <thread>
#include <vector>

#include "../support/epoll_wire.hpp"
#include "../support/tell.hpp"
#include "subjects.hpp"

namespace bench {

/// The first thread accepts and hands connections out by turns; each stays on its thread.
void serve_epoll(const serving& how) {
    const frame_pair frames = frame_pair::load(how.frames);
    std::uint16_t port = 0;
    const descriptor listener = listen_on_loopback(port);
    std::vector<epoll> loops(how.threads);
    loops[0].control(EPOLL_CTL_ADD, listener.get(), EPOLLIN, nullptr);

    const auto serve = [&](epoll& loop) {
        for (std::size_t next = 0;;) {
            loop.wait([&](void* whose, std::uint32_t events) {
                if (whose == nullptr) {
                    new epoll_wire{loops[next++ % loops.size()], accept_one(listener)};
                    return;
                }
                auto* const wire = static_cast<epoll_wire*>(whose);
                bool open = false;
                try {
                    open = wire->handle(events, [&](epoll_wire& to) { to.add(frames.reply); });
                } catch (const std::system_error&) {  // the client went away in the middle of something
                }
                if (!open) delete wire;
            });
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < loops.size(); ++i) threads.emplace_back([&, i] { serve(loops[i]); });
    tell(port);
    serve(loops[0]);
}

}  // namespace bench
