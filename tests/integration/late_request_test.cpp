#include "integration/framed_server.hpp"

#include <thread>

/// Requests that arrive while a server stops: they cost nobody the answers that are on their way.
namespace {

using integration::frame;
using integration::framed_server;
using integration::raw_listener;
using integration::raw_socket;
using integration::reply;
using integration::request;
using namespace std::chrono_literals;

class late_request : public framed_server {};

TEST_F(late_request, does_not_destroy_answers_that_are_on_their_way) {
    start();
    raw_socket slow = connect(4096);
    ASSERT_TRUE(slow.send_frame(request(1, "held", "[7]")));
    ASSERT_TRUE(handler->coroutines.await(1));
    ASSERT_TRUE(slow.send_frame(request(2, "fill", "[1000000]")));
    // More than one read takes, so that something is unread when the server closes.
    const std::string late = frame(request(3, "echo", "[\"" + std::string(600'000, 'x') + "\"]"));
    expect_serving();
    std::thread stopping([&] { server->stop(); });
    // The listener is closed first; then whatever is sent comes too late.
    for (bool listens = true; listens;) {
        try {
            raw_socket::connect(server->port());
        } catch (const std::runtime_error&) {
            listens = false;
        }
    }
    ASSERT_TRUE(slow.send(late));
    handler->coroutines.open();
    const auto filled = slow.receive();
    EXPECT_TRUE(filled && filled->size() > 1'000'000) << (filled ? filled->size() : 0);
    EXPECT_EQ(slow.receive(), R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":2}})");
    // The late one is refused if it was read before the last answer, and dropped otherwise.
    auto held = slow.receive();
    if (held && held->starts_with(R"({"jsonrpc":"2.0","id":3,"error":{"code":-32014,)")) held = slow.receive();
    EXPECT_EQ(held, reply(1, "7"));
    EXPECT_TRUE(slow.closed_by_peer());
    slow.close();
    stopping.join();
}

}  // namespace
