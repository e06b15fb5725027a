/// @file
/// Cap'n Proto's server: an event loop a thread; connections are handed out by turns.

#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include "../support/server_main.hpp"
#include "../support/tell.hpp"
#include "echo.capnp.h"

namespace {

class echo final : public peers::Echo::Server {
    kj::Promise<void> add(AddContext context) override {
        context.getResults().setSum(context.getParams().getA() + context.getParams().getB());
        return kj::READY_NOW;
    }
    kj::Promise<void> record(RecordContext context) override {
        context.getResults().setValue(context.getParams().getValue());
        return kj::READY_NOW;
    }
    kj::Promise<void> text(TextContext context) override {
        context.getResults().setValue(context.getParams().getValue());
        return kj::READY_NOW;
    }
    kj::Promise<void> doubles(DoublesContext context) override {
        context.getResults().setValues(context.getParams().getValues());
        return kj::READY_NOW;
    }
};

/// A thread with an event loop, and a server on it.
class loop {
public:
    loop() : thread_([this] { run(); }), executor_(started_.get_future().get()) {}

    void take(int socket) {
        executor_->executeSync([this, socket] {
            server_->accept(io_->lowLevelProvider->wrapSocketFd(socket, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP));
        });
    }

private:
    void run() {
        kj::AsyncIoContext io = kj::setupAsyncIo();
        capnp::TwoPartyServer server{kj::heap<echo>()};
        io_ = &io;
        server_ = &server;
        started_.set_value(kj::getCurrentThreadExecutor().addRef());
        kj::NEVER_DONE.wait(io.waitScope);
    }

    kj::AsyncIoContext* io_ = nullptr;
    capnp::TwoPartyServer* server_ = nullptr;
    std::promise<kj::Own<const kj::Executor>> started_;
    std::thread thread_;
    kj::Own<const kj::Executor> executor_;
};

void serve(const bench::serving& how) {
    std::vector<std::unique_ptr<loop>> loops;
    for (std::size_t i = 0; i < how.threads; ++i) loops.push_back(std::make_unique<loop>());
    std::uint16_t port = 0;
    const bench::descriptor listener = bench::listen_on_loopback(port);
    bench::tell(port);
    for (std::size_t next = 0;; ++next) {
        const int socket = static_cast<int>(bench::check(::accept(listener.get(), nullptr, nullptr), "accept"));
        bench::set_no_delay(socket);
        loops[next % loops.size()]->take(socket);
    }
}

}  // namespace

int main(int count, char** arguments) { return bench::server_main(count, arguments, {{"capnp", serve}}); }
