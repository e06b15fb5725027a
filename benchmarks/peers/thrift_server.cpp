/// @file
/// Thrift's servers, with code generated for the very transport: the nonblocking one, with handlers on the threads that read
/// and write; and the one with a thread for each connection, which needs fewer system calls where connections are few.

#include <functional>
#include <memory>
#include <utility>

#include <thrift/TOutput.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TServerSocket.h>

#include "../support/server_main.hpp"
#include "../support/tell.hpp"
#include "Echo.h"

namespace {

using namespace apache::thrift;
using protocol_type = protocol::TBinaryProtocolT<transport::TBufferBase>;

class echo final : public peers::EchoIf {
    std::int32_t add(std::int32_t a, std::int32_t b) override { return a + b; }
    void echo_record(peers::Record& reply, const peers::Record& value) override { reply = value; }
    void echo_text(std::string& reply, const std::string& value) override { reply = value; }
    void echo_doubles(std::vector<double>& reply, const std::vector<double>& values) override { reply = values; }
};

/// Tells the port once a server listens.
struct tell_port : server::TServerEventHandler {
    explicit tell_port(std::function<int()> port) : port_(std::move(port)) {}
    void preServe() override { bench::tell(static_cast<std::uint16_t>(port_())); }
    std::function<int()> port_;
};

/// Frames over a buffer over a socket: without the buffer each frame takes two reads.
///
/// A server asks twice for each connection, for what it reads and for what it writes. It is the same object here: only what
/// writes begins to count anew what a message may have (100 MiB), and what only reads would soon have too much.
struct buffered_frames : transport::TTransportFactory {
    std::shared_ptr<transport::TTransport> getTransport(std::shared_ptr<transport::TTransport> socket) override {
        if (socket_.lock() == socket)
            if (auto made = frames_.lock()) return made;
        auto made = std::make_shared<transport::TFramedTransport>(
            std::make_shared<transport::TBufferedTransport>(socket, 64u << 10));
        socket_ = socket;
        frames_ = made;
        return made;
    }

    std::weak_ptr<transport::TTransport> socket_;
    std::weak_ptr<transport::TTransport> frames_;
};

std::shared_ptr<TProcessor> make_processor() { return std::make_shared<peers::EchoProcessorT<protocol_type>>(std::make_shared<echo>()); }

std::shared_ptr<protocol::TProtocolFactory> make_protocols() {
    return std::make_shared<protocol::TBinaryProtocolFactoryT<transport::TBufferBase>>();
}

void run(server::TServer& serving, std::function<int()> port) {
    GlobalOutput.setOutputFunction([](const char*) {});  // it tells that it starts, on standard error
    serving.setServerEventHandler(std::make_shared<tell_port>(std::move(port)));
    serving.serve();
}

void serve_nonblocking(const bench::serving& how) {
    const auto listener = std::make_shared<transport::TNonblockingServerSocket>("127.0.0.1", 0);
    server::TNonblockingServer serving{make_processor(), make_protocols(), listener};
    serving.setNumIOThreads(how.threads);
    run(serving, [&] { return listener->getListenPort(); });
}

void serve_threaded(const bench::serving&) {
    const auto listener = std::make_shared<transport::TServerSocket>("127.0.0.1", 0);
    server::TThreadedServer serving{make_processor(), listener, std::make_shared<buffered_frames>(), make_protocols()};
    run(serving, [&] { return listener->getPort(); });
}

}  // namespace

int main(int count, char** arguments) {
    return bench::server_main(count, arguments, {{"thrift", serve_nonblocking}, {"thrift-threaded", serve_threaded}});
}
