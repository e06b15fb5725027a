#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <semaphore>

#include <farcall.hpp>

#include "integration/raw_socket.hpp"

RPC_SERVICE(Slow_work, (work, int(), farcall::blocking), (look, int()))

namespace {

/// Each piece of work waits until the test lets it go on.
struct slow_work {
    int work() {
        begun.release();
        goes_on.acquire();
        return 1;
    }
    int look() { return 2; }

    std::counting_semaphore<> begun{0};
    std::counting_semaphore<> goes_on{0};
};

// A call that works on a thread of the pool is the last that holds the connection of a peer that has left. That its end
// there is no race with the I/O thread, on which others come and go, is for ThreadSanitizer to say.
TEST(connection_of_a_departed_peer, ends_where_its_last_call_ends_while_others_come_and_go) {
    const auto work = std::make_shared<slow_work>();
    farcall::server server{{.worker_threads = 2}};
    server.add<Slow_work>(work);
    const std::uint16_t port = server.listen("tcp://127.0.0.1:0").port;
    server.start();
    const auto look = [&] {
        auto other = integration::raw_socket::connect(port);
        EXPECT_TRUE(other.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Slow_work.look\"}\n"));
        EXPECT_TRUE(other.receive_line());
    };
    for (int i = 0; i < 20; ++i) {
        auto leaves = integration::raw_socket::connect(port);
        ASSERT_TRUE(leaves.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Slow_work.work\"}\n"));
        work->begun.acquire();
        leaves.reset();
        look();
        work->goes_on.release();
        look();
        look();
    }
    server.stop();
}

}  // namespace
