#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <farcall/server.hpp>

#include "integration/gate.hpp"
#include "integration/raw_socket.hpp"

namespace integration {

RPC_SERVICE(Probe,
    (add, int(int a, int b), farcall::readonly),
    (echo, std::string(std::string text)),
    (fill, std::string(std::uint32_t bytes)),
    (held, int(int value)),
    (held_fill, std::string(std::uint32_t bytes)),
    (work, int(int value), farcall::blocking))

/// Serves `Probe`; the calls of `held` and `work` end when their gate is opened.
class probe {
public:
    int add(int a, int b) const { return a + b; }
    std::string echo(std::string text) const { return text; }
    std::string fill(std::uint32_t bytes) const { return std::string(bytes, 'x'); }
    boost::asio::awaitable<int> held(int value) {
        co_await coroutines.wait();
        co_return value;
    }
    boost::asio::awaitable<std::string> held_fill(std::uint32_t bytes) {
        co_await coroutines.wait();
        co_return std::string(bytes, 'x');
    }
    int work(int value) {
        workers.wait_blocking();
        return value;
    }

    gate coroutines;
    gate workers;
};

/// The request that a test sends most.
inline std::string request(int id, std::string_view method, std::string_view params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Probe.)" + std::string{method} +
           R"(","params":)" + std::string{params} + "}";
}
inline std::string reply(int id, std::string_view result) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":)" + std::string{result} + "}";
}

/// A server of `Probe` on a port of the system's choice. Gates are opened before it is stopped.
class framed_server : public ::testing::Test {
protected:
    void start(farcall::server_options options = {}) {
        server.emplace(std::move(options));
        server->add<Probe>(handler);
        server->listen(0);
        server->start();
    }
    ~framed_server() override {
        handler->coroutines.open();
        handler->workers.open();
    }

    raw_socket connect(int receive_buffer = 0) const { return raw_socket::connect(server->port(), receive_buffer); }

    /// That a connection is served.
    static void expect_served(raw_socket& wire) {
        ASSERT_TRUE(wire.send_frame(request(77, "add", "[2,3]")));
        EXPECT_EQ(wire.receive(), reply(77, "5"));
    }
    /// That the server serves others.
    void expect_serving() const {
        raw_socket other = connect();
        expect_served(other);
    }

    std::shared_ptr<probe> handler = std::make_shared<probe>();
    std::optional<farcall::server> server;
};

}  // namespace integration
