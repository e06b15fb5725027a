#include <functional>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

#include "../support/asio_wire.hpp"
#include "../support/tell.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

struct answer {
    const frame_pair* frames;
    template <class Wire>
    void operator()(Wire& wire) const {
        wire.add(frames->reply);
    }
};

using wire = asio_wire<answer>;
using acceptor_type = boost::asio::basic_socket_acceptor<wire::tcp, boost::asio::io_context::executor_type>;

}  // namespace

/// An io_context a thread; connections are handed out by turns, and each stays on its thread.
void serve_asio(const serving& how) {
    const frame_pair frames = frame_pair::load(how.frames);
    std::list<boost::asio::io_context> contexts;
    for (std::size_t i = 0; i < how.threads; ++i) contexts.emplace_back(1);
    acceptor_type acceptor{contexts.front(), {boost::asio::ip::address_v4::loopback(), 0}};
    auto next = contexts.begin();
    const std::function<void()> accept = [&] {
        if (next == contexts.end()) next = contexts.begin();
        boost::asio::io_context& context = *next++;
        acceptor.async_accept(context, [&](boost::system::error_code failure, wire::socket_type socket) {
            if (!failure) {
                const auto accepted = std::make_shared<wire>(std::move(socket), answer{&frames});
                boost::asio::post(context, [accepted] { accepted->read([accepted] {}); });
            }
            accept();
        });
    };
    accept();
    std::vector<std::thread> threads;
    for (auto context = std::next(contexts.begin()); context != contexts.end(); ++context) {
        threads.emplace_back([context] {
            const auto work = boost::asio::make_work_guard(*context);
            context->run();
        });
    }
    tell(acceptor.local_endpoint().port());
    contexts.front().run();
}

}  // namespace bench
