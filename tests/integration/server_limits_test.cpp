#include "integration/framed_server.hpp"

#include <farcall/testing/virtual_clock.hpp>
#include <farcall/transport/memory_transport.hpp>

/// The limits of a server: at each of them and one past it.
namespace {

using integration::frame;
using integration::framed_server;
using integration::patience;
using integration::raw_socket;
using integration::reply;
using integration::request;
using namespace std::chrono_literals;

class limited_server : public framed_server {};

::testing::AssertionResult says(const std::optional<std::string>& text, std::string_view part) {
    if (text && text->find(part) != std::string::npos) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "no " << part << " in " << text.value_or("(nothing)");
}

TEST_F(limited_server, stops_reading_from_a_peer_that_does_not_read) {
    farcall::server_options options;
    options.limits.write_buffer_soft = 100'000;
    start(options);
    raw_socket deaf = connect(4096);
    const std::string text = '"' + std::string(60'000, 'x') + '"';
    const std::string one = frame(request(1, "echo", '[' + text + ']'));
    std::string left = one;
    std::size_t requests = 0, bytes = 0;
    // Without the pause the server would take requests as long as anybody sends them.
    for (;;) {
        const ssize_t sent = deaf.send_some(left, 300ms);
        ASSERT_GE(sent, 0);
        if (sent == 0) break;
        bytes += static_cast<std::size_t>(sent);
        left.erase(0, static_cast<std::size_t>(sent));
        if (left.empty()) left = one, ++requests;
        ASSERT_LT(bytes, 64u << 20) << "the server reads for ever";
    }
    expect_serving();
    // Nothing was lost by the pause.
    std::thread rest([&] { EXPECT_TRUE(deaf.send(left)); });
    for (std::size_t i = 0; i <= requests; ++i) {
        const auto answer = deaf.receive();
        ASSERT_EQ(answer, reply(1, text)) << i << " of " << requests;
    }
    rest.join();
    expect_served(deaf);
}

TEST_F(limited_server, goes_on_after_pauses_of_which_nothing_is_left_to_send) {
    farcall::server_options options;
    options.limits.write_buffer_soft = 100;
    start(options);
    raw_socket wire = connect();
    std::string all;
    for (int i = 0; i < 50; ++i) all += frame(request(i, "fill", "[500]"));
    ASSERT_TRUE(wire.send(all));
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(wire.receive(5s)) << i;
}

TEST_F(limited_server, closes_when_a_peer_leaves_too_much_unread) {
    farcall::server_options options;
    options.limits.write_buffer_soft = 1u << 20;
    options.limits.write_buffer_hard = 8u << 20;
    start(options);
    raw_socket deaf = connect(4096);
    std::string all;
    for (int i = 0; i < 400; ++i) all += frame(request(i, "held_fill", "[200000]"));
    ASSERT_TRUE(deaf.send(all));
    ASSERT_TRUE(handler->coroutines.await(400));
    handler->coroutines.open();
    expect_serving();
    // 80 MB of answers were on their way; the connection ends long before.
    std::size_t answers = 0;
    while (deaf.receive()) ++answers;
    EXPECT_LT(answers, 200u);
    EXPECT_TRUE(deaf.closed_by_peer());
}

TEST_F(limited_server, sends_a_single_answer_beyond_the_write_limit) {
    farcall::server_options options;
    options.limits.write_buffer_soft = 1000;
    options.limits.write_buffer_hard = 10'000;
    start(options);
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send_frame(request(1, "fill", "[3000000]")));
    const auto answer = wire.receive();
    ASSERT_TRUE(answer);
    EXPECT_GT(answer->size(), 3'000'000u);
    ASSERT_TRUE(wire.send_frame(request(2, "held_fill", "[3000000]")));
    ASSERT_TRUE(handler->coroutines.await(1));
    handler->coroutines.open();
    EXPECT_TRUE(says(wire.receive(), R"("id":2)"));
    expect_served(wire);
}

/// Connects until the server has a seat again; a connection that has ended is forgotten a moment later.
void expect_seat(std::uint16_t port) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
        raw_socket wire = raw_socket::connect(port);
        wire.send_frame(request(1, "add", "[1,2]"));
        if (wire.receive() == reply(1, "3")) return;
    }
    FAIL() << "no seat is free";
}

TEST_F(limited_server, refuses_one_connection_more_than_allowed) {
    farcall::server_options options;
    options.limits.connections = 3;
    start(options);
    std::vector<raw_socket> inside;
    for (int i = 0; i < 3; ++i) {
        inside.push_back(connect());
        expect_served(inside.back());
    }
    raw_socket outside = connect();
    ASSERT_TRUE(outside.send_frame(request(1, "add", "[1,2]")));
    const auto answer = outside.receive();
    EXPECT_TRUE(says(answer, "limits.connections:"));
    EXPECT_TRUE(says(answer, "-32008"));
    EXPECT_TRUE(says(answer, R"("id":null)"));
    EXPECT_TRUE(outside.closed_by_peer());
    for (raw_socket& wire : inside) expect_served(wire);
    inside.pop_back();
    expect_seat(server->port());
}

TEST_F(limited_server, says_why_there_is_no_room_in_the_clients_own_protocol) {
    farcall::server_options options;
    options.limits.connections = 1;
    start(options);
    raw_socket inside = connect();
    expect_served(inside);
    raw_socket lines = connect();
    ASSERT_TRUE(lines.send(request(1, "add", "[1,2]") + "\n"));
    const auto line = lines.receive_all();
    EXPECT_TRUE(line.starts_with(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32008)")) << line;
    EXPECT_TRUE(line.ends_with("\n")) << line;
    raw_socket http = connect();
    ASSERT_TRUE(http.send("POST /Probe.add HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                          "Content-Length: 5\r\n\r\n[1,2]"));
    const auto page = http.receive_all();
    EXPECT_TRUE(page.starts_with("HTTP/1.1 429 ")) << page;
    EXPECT_NE(page.find("Connection: close"), std::string::npos) << page;
    EXPECT_NE(page.find("limits.connections:"), std::string::npos) << page;
    expect_served(inside);
}

TEST_F(limited_server, does_not_wait_long_for_those_without_room_that_say_nothing) {
    farcall::server_options options;
    options.limits.connections = 1;
    start(options);
    raw_socket inside = connect();
    expect_served(inside);
    std::vector<raw_socket> silent;
    for (int i = 0; i < 80; ++i) silent.push_back(connect());
    for (raw_socket& wire : silent) EXPECT_TRUE(wire.closed_by_peer());
    expect_served(inside);
}

TEST_F(limited_server, refuses_one_connection_more_than_allowed_from_one_address) {
    farcall::server_options options;
    options.limits.connections_per_peer = 2;
    start(options);
    std::vector<raw_socket> inside;
    for (int i = 0; i < 2; ++i) {
        inside.push_back(connect());
        expect_served(inside.back());
    }
    raw_socket outside = connect();
    ASSERT_TRUE(outside.send_frame(request(1, "add", "[1,2]")));
    EXPECT_TRUE(says(outside.receive(), "limits.connections_per_peer:"));
    EXPECT_TRUE(outside.closed_by_peer());
    inside.pop_back();
    expect_seat(server->port());
}

TEST_F(limited_server, refuses_one_call_under_way_more_than_allowed) {
    farcall::server_options options;
    options.limits.in_flight = 4;
    start(options);
    raw_socket wire = connect();
    for (int i = 1; i <= 4; ++i) ASSERT_TRUE(wire.send_frame(request(i, i % 2 == 0 ? "held" : "work", "[" + std::to_string(i) + "]")));
    ASSERT_TRUE(wire.send_frame(request(5, "held", "[5]")));
    const auto refused = wire.receive();
    EXPECT_TRUE(says(refused, R"("id":5,"error")"));
    EXPECT_TRUE(says(refused, "limits.in_flight"));
    EXPECT_TRUE(says(refused, R"("executed":"no")"));
    expect_served(wire);
    handler->coroutines.open();
    handler->workers.open();
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(says(wire.receive(), R"("result")"));
    ASSERT_TRUE(wire.send_frame(request(6, "held", "[6]")));
    EXPECT_EQ(wire.receive(), reply(6, "6"));
}

TEST_F(limited_server, refuses_one_blocking_call_more_than_its_queue_holds) {
    farcall::server_options options;
    options.worker_threads = 2;
    options.worker_queue = 3;
    start(options);
    raw_socket wire = connect();
    for (int i = 1; i <= 5; ++i) ASSERT_TRUE(wire.send_frame(request(i, "work", "[" + std::to_string(i) + "]")));
    ASSERT_TRUE(handler->workers.await(2));
    ASSERT_TRUE(wire.send_frame(request(6, "work", "[6]")));
    const auto refused = wire.receive();
    EXPECT_TRUE(says(refused, R"("id":6,"error")"));
    EXPECT_TRUE(says(refused, "worker_queue"));
    EXPECT_TRUE(says(refused, R"("executed":"no")"));
    expect_served(wire);
    handler->workers.open();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(says(wire.receive(), R"("result")"));
}

TEST_F(limited_server, runs_blocking_calls_of_twelve_clients_at_the_same_time) {
    farcall::server_options options;
    options.worker_threads = 12;
    start(options);
    std::vector<raw_socket> clients;
    for (int i = 0; i < 12; ++i) {
        clients.push_back(connect());
        ASSERT_TRUE(clients.back().send_frame(request(i, "work", "[1]")));
    }
    ASSERT_TRUE(handler->workers.await(12)) << "all twelve are inside their method";
    expect_serving();
    handler->workers.open();
    for (int i = 0; i < 12; ++i) EXPECT_EQ(clients[static_cast<std::size_t>(i)].receive(), reply(i, "1"));
}

TEST_F(limited_server, counts_what_it_holds_for_all_connections) {
    farcall::server_options options;
    options.limits.buffered = 300'000;
    start(options);
    // Whole messages that were answered are held no more, however many clients sent them.
    std::vector<raw_socket> done;
    for (int i = 0; i < 4; ++i) {
        done.push_back(connect());
        ASSERT_TRUE(done.back().send_frame(request(i, "add", "[1," + std::string(150'000, ' ') + "2]")));
        ASSERT_EQ(done.back().receive(), reply(i, "3")) << i;
    }
    for (raw_socket& wire : done) expect_served(wire);
    // Parts of messages are.
    std::vector<raw_socket> cut;
    for (int i = 0; i < 3; ++i) {
        cut.push_back(connect());
        cut.back().send_some(integration::header(4'000'000) + std::string(140'000, ' '), 1s);
    }
    bool refused = false;
    for (raw_socket& wire : cut) refused = refused || says(wire.receive(500ms), "limits.buffered");
    EXPECT_TRUE(refused);
    for (raw_socket& wire : done) expect_served(wire);
}

TEST_F(limited_server, counts_the_replies_that_wait_for_the_rest_of_their_batch) {
    farcall::server_options options;
    options.limits.buffered = 300'000;
    start(options);
    raw_socket wire = connect();
    std::string batch = "[" + request(1, "held", "[1]");
    for (int i = 2; i < 6; ++i) batch += "," + request(i, "fill", "[100000]");
    ASSERT_TRUE(wire.send_frame(batch + "]"));
    EXPECT_TRUE(says(wire.receive(), "limits.buffered"));
    expect_serving();
}

/// A server and the bytes of one peer, on a clock that the test moves.
class timed_server : public ::testing::Test {
protected:
    timed_server() {
        farcall::server_options options;
        options.executor = context.get_executor();
        options.transport = network;
        options.time = clock;
        options.limits.handshake = 10s;
        options.limits.idle = 60s;
        options.limits.write_stall = 30s;
        server.emplace(options);
        server->add<integration::Probe>(handler);
        server->listen("memory://timed");
        server->start();
        network->async_connect(farcall::parse_endpoint("memory://timed").value(), context.get_executor(),
                               [&](auto failure, auto made) {
                                   ASSERT_FALSE(failure);
                                   stream = std::move(made);
                               });
        settle();
        read();
    }
    ~timed_server() override {
        handler->coroutines.open();
        server.reset();
        if (stream) stream->close();
        pass(60s);
    }

    /// Runs what is ready; memory and a virtual clock leave nothing that would come by itself.
    void settle() {
        context.restart();
        context.poll();
    }
    void pass(std::chrono::seconds time) {
        const auto until = clock->now() + time;
        settle();
        while (clock->step(until)) settle();
        settle();
    }
    void send(const std::string& text) {
        boost::system::error_code failure;
        const std::string bytes = frame(text);
        EXPECT_EQ(stream->try_write(bytes.data(), bytes.size(), failure), bytes.size());
        settle();
    }
    void read() {
        stream->async_read(room.data(), room.size(),
                           {[](void* self, boost::system::error_code failure, std::size_t count) {
                                auto& test = *static_cast<timed_server*>(self);
                                if (failure) {
                                    test.closed = true;
                                    return;
                                }
                                test.received += count;
                                if (test.reading) test.read();
                            },
                            this, {}});
    }

    boost::asio::io_context context;
    std::shared_ptr<farcall::testing::virtual_clock> clock = std::make_shared<farcall::testing::virtual_clock>();
    std::shared_ptr<farcall::memory_transport> network = std::make_shared<farcall::memory_transport>();
    std::shared_ptr<integration::probe> handler = std::make_shared<integration::probe>();
    std::optional<farcall::server> server;
    std::unique_ptr<farcall::byte_stream> stream;
    std::array<char, 4096> room{};
    std::size_t received = 0;
    bool reading = true;
    bool closed = false;
};

TEST_F(timed_server, closes_a_connection_that_never_sends_a_message) {
    pass(9s);
    EXPECT_FALSE(closed);
    boost::system::error_code failure;
    stream->try_write("\0\0", 2, failure);  // a part of one is none
    pass(4s);
    EXPECT_TRUE(closed);
}

TEST_F(timed_server, closes_an_idle_connection) {
    send(request(1, "add", "[1,2]"));
    pass(57s);
    EXPECT_FALSE(closed);
    send(request(2, "add", "[1,2]"));
    pass(57s);
    EXPECT_FALSE(closed) << "every message counts anew";
    pass(6s);
    EXPECT_TRUE(closed);
}

TEST_F(timed_server, keeps_a_connection_with_a_call_under_way) {
    send(request(1, "held", "[1]"));
    pass(600s);
    EXPECT_FALSE(closed);
    handler->coroutines.open();
    pass(57s);
    EXPECT_FALSE(closed) << "the idle time begins with the answer";
    pass(6s);
    EXPECT_TRUE(closed);
}

TEST_F(timed_server, closes_when_a_peer_takes_no_bytes_for_too_long) {
    reading = false;
    for (int i = 0; i < 3; ++i) send(request(i, "fill", "[200000]"));
    pass(27s);
    EXPECT_FALSE(closed);
    pass(8s);
    reading = true;
    read();
    settle();
    EXPECT_TRUE(closed);
    EXPECT_LT(received, 600'000u);
}

TEST_F(timed_server, does_not_start_work_whose_deadline_has_passed) {
    const std::string late =
        R"({"jsonrpc":"2.0","id":1,"method":"Probe.work","params":[1],"meta":{"timeout_ms":50}})";
    boost::system::error_code failure;
    const std::string bytes = frame(late);
    stream->try_write(bytes.data(), bytes.size(), failure);
    // The job is queued on the executor behind the read that took the message.
    context.restart();
    while (context.poll_one() != 0 && handler->workers.arrived() == 0) clock->jump(100ms);
    settle();
    EXPECT_EQ(handler->workers.arrived(), 0u);
    EXPECT_GT(received, 0u);
}

}  // namespace
