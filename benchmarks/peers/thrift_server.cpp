/// @file
/// Thrift's server: nonblocking, handlers on the threads that read and write, code generated for the very transport.

#include <memory>

#include <thrift/TOutput.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>

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

struct tell_port : server::TServerEventHandler {
    explicit tell_port(transport::TNonblockingServerSocket& listener) : listener_(listener) {}
    void preServe() override { bench::tell(static_cast<std::uint16_t>(listener_.getListenPort())); }
    transport::TNonblockingServerSocket& listener_;
};

void serve(const bench::serving& how) {
    const auto listener = std::make_shared<transport::TNonblockingServerSocket>("127.0.0.1", 0);
    server::TNonblockingServer server{std::make_shared<peers::EchoProcessorT<protocol_type>>(std::make_shared<echo>()),
                                      std::make_shared<protocol::TBinaryProtocolFactoryT<transport::TBufferBase>>(), listener};
    GlobalOutput.setOutputFunction([](const char*) {});  // it tells that it starts, on standard error
    server.setNumIOThreads(how.threads);
    server.setServerEventHandler(std::make_shared<tell_port>(*listener));
    server.serve();
}

}  // namespace

int main(int count, char** arguments) { return bench::server_main(count, arguments, {{"thrift", serve}}); }
