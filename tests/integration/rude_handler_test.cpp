#include "integration/framed_server.hpp"

#include <atomic>
#include <future>
#include <stdexcept>

namespace {

/// Cannot be written to JSON without an exception.
struct unwritable {
    int value = 0;
};
/// Cannot be read from JSON without an exception.
struct unreadable {
    int value = 0;
};
/// Counts how often it is written.
struct counted_value {
    static inline std::atomic<int> written{0};
    int value = 0;
};

}  // namespace

template <>
struct farcall::codec<unwritable> {
    static bool encode(json_writer& out, const unwritable&) {
        out.begin_array();
        throw std::logic_error{"it is a secret"};
    }
    static bool decode(json_reader& in, unwritable& value) { return farcall::decode(in, value.value); }
};
template <>
struct farcall::codec<unreadable> {
    static bool encode(json_writer& out, const unreadable& value) { return out.integer(value.value); }
    static bool decode(json_reader&, unreadable&) { throw std::logic_error{"no such thing"}; }
};
template <>
struct farcall::codec<counted_value> {
    static bool encode(json_writer& out, const counted_value& value) {
        ++counted_value::written;
        return out.integer(value.value);
    }
    static bool decode(json_reader& in, counted_value& value) { return farcall::decode(in, value.value); }
};

/// Handlers and types of an application that do what they should not: the server and its connections outlive it.
namespace {

using integration::patience;
using integration::raw_socket;
using namespace std::chrono_literals;

RPC_SERVICE(Rude,
    (add, int(int a, int b)),
    (write, unwritable()),
    (write_later, unwritable()),
    (read, int(unreadable value)),
    (held, counted_value()),
    (halt, int(), farcall::blocking),
    (wait, int(), farcall::blocking))

struct rude_handler {
    int add(int a, int b) const { return a + b; }
    unwritable write() const { return {}; }
    boost::asio::awaitable<unwritable> write_later() const { co_return unwritable{}; }
    int read(unreadable value) const { return value.value; }
    boost::asio::awaitable<counted_value> held() {
        co_await gate.wait();
        ended.set_value();
        co_return counted_value{};
    }
    int halt() {
        server->stop();
        return 1;
    }
    int wait() {
        server->wait();
        return 1;
    }

    farcall::server* server = nullptr;
    integration::gate gate;
    std::promise<void> ended;
};

class rude : public ::testing::Test {
protected:
    void start(farcall::server_options options = {}) {
        server.emplace(std::move(options));
        handler->server = &*server;
        server->add<Rude>(handler);
        server->on_disconnect([this](farcall::peer&) {
            if (!std::exchange(told_, true)) disconnected.set_value();
        });
        server->listen(0);
        server->start();
    }
    ~rude() override { handler->gate.open(); }

    raw_socket connect() const { return raw_socket::connect(server->port()); }
    static std::string request(int id, std::string_view method, std::string_view params = "[]") {
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"Rude.)" + std::string{method} +
               R"(","params":)" + std::string{params} + '}';
    }
    static void expect_served(raw_socket& wire) {
        ASSERT_TRUE(wire.send_frame(request(77, "add", "[2,3]")));
        EXPECT_EQ(wire.receive(), R"({"jsonrpc":"2.0","id":77,"result":5})");
    }
    static void expect_error(raw_socket& wire, const std::string& sent, std::string_view text) {
        ASSERT_TRUE(wire.send_frame(sent));
        const auto answer = wire.receive();
        ASSERT_TRUE(answer);
        EXPECT_NE(answer->find(text), std::string::npos) << *answer;
        EXPECT_NE(answer->find("\"error\""), std::string::npos) << *answer;
    }

    std::shared_ptr<rude_handler> handler = std::make_shared<rude_handler>();
    std::promise<void> disconnected;
    std::optional<farcall::server> server;

private:
    bool told_ = false;
};

TEST_F(rude, result_that_throws_while_it_is_written_is_an_error_of_its_call_only) {
    start();
    raw_socket wire = connect();
    expect_error(wire, request(1, "write"), "it is a secret");
    expect_served(wire);
    expect_error(wire, request(2, "write_later"), "it is a secret");
    expect_served(wire);
    expect_error(wire, '[' + request(3, "write") + ',' + request(4, "write_later") + ']', "it is a secret");
    expect_served(wire);
}

TEST_F(rude, argument_that_throws_while_it_is_read_is_an_error_of_its_call_only) {
    start();
    raw_socket wire = connect();
    expect_error(wire, request(1, "read", "[1]"), "no such thing");
    expect_served(wire);
}

TEST_F(rude, result_for_a_peer_that_has_gone_is_not_kept) {
    start();
    counted_value::written = 0;
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(request(1, "held")));
    ASSERT_TRUE(handler->gate.await(1));
    wire.close();
    ASSERT_EQ(disconnected.get_future().wait_for(patience), std::future_status::ready);
    handler->gate.open();
    ASSERT_EQ(handler->ended.get_future().wait_for(patience), std::future_status::ready);
    raw_socket other = connect();
    expect_served(other);  // on the same thread, hence after the end of the call
    EXPECT_EQ(counted_value::written, 0);
}

TEST_F(rude, blocking_handler_stops_its_server_and_is_answered) {
    start({.drain = 2s});
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(request(1, "halt")));
    EXPECT_EQ(wire.receive(), R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":1}})");
    EXPECT_EQ(wire.receive(), R"({"jsonrpc":"2.0","id":1,"result":1})");
    EXPECT_TRUE(wire.closed_by_peer());
    server->wait();
}

TEST_F(rude, blocking_handler_cannot_wait_for_its_server) {
    start();
    raw_socket wire = connect();
    expect_error(wire, request(1, "wait"), "cannot wait for the end of its own server");
    expect_served(wire);
}

}  // namespace
