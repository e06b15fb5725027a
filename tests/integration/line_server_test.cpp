#include "integration/framed_server.hpp"

/// JSON on lines, as netcat and simple clients speak it.
namespace {

using integration::framed_server;
using integration::raw_socket;
using integration::reply;
using integration::request;
using namespace std::chrono_literals;

class line_server : public framed_server {};

bool line_has(const std::optional<std::string>& text, std::string_view part) {
    return text && text->find(part) != std::string::npos;
}

TEST_F(line_server, answers_each_line_with_one_line) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(request(1, "add", "[2,3]") + "\r\n\n" + request(2, "echo", R"(["\n"])") + "\n"));
    EXPECT_EQ(wire.receive_line(), reply(1, "5"));
    EXPECT_EQ(wire.receive_line(), reply(2, R"("\n")"));
    ASSERT_TRUE(wire.send(request(3, "add", R"({"b":4,"a":10})")));
    EXPECT_EQ(wire.receive_line(), reply(3, "14"));
}

TEST_F(line_server, goes_on_with_a_line_behind_one_that_is_no_json) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send("{bad}\n" + request(1, "add", "[2,3]") + "\n"));
    EXPECT_TRUE(line_has(wire.receive_line(), R"("code":-32700)"));
    EXPECT_EQ(wire.receive_line(), reply(1, "5"));
}

TEST_F(line_server, answers_what_a_peer_sent_before_it_ended_its_side_and_closes_then) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(request(1, "held", "[7]") + "\n" + request(2, "add", "[2,3]")));
    wire.half_close();
    EXPECT_EQ(wire.receive_line(), reply(2, "5"));
    handler->coroutines.open();
    EXPECT_EQ(wire.receive_line(), reply(1, "7"));
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(line_server, answers_a_last_line_that_is_cut_with_a_parse_error_and_does_not_run_it) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(request(1, "add", "[2,3]") + "\n" + R"({"jsonrpc":"2.0","id":2,"method":"Probe.add")"));
    wire.half_close();
    EXPECT_EQ(wire.receive_line(), reply(1, "5"));
    EXPECT_TRUE(line_has(wire.receive_line(), R"("code":-32700)"));
    EXPECT_EQ(wire.receive_all(), "");
}

TEST_F(line_server, closes_when_a_peer_ends_its_side_with_nothing_left_to_answer) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(request(1, "add", "[2,3]") + "\n"));
    EXPECT_EQ(wire.receive_line(), reply(1, "5"));
    wire.half_close();
    EXPECT_TRUE(wire.closed_by_peer());
}

TEST_F(line_server, sends_all_of_a_large_answer_to_a_peer_that_has_ended_its_side) {
    start();
    raw_socket wire = connect(4096);
    ASSERT_TRUE(wire.send(request(1, "fill", "[3000000]")));
    wire.half_close();
    EXPECT_EQ(wire.receive_all().size(), reply(1, "").size() + 3'000'002 + 1);
}

TEST_F(line_server, tells_the_limit_to_a_peer_whose_line_is_too_long) {
    farcall::server_options options;
    options.limits.frame = 1000;
    start(options);
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send("[\"" + std::string(2000, 'x')));
    EXPECT_TRUE(line_has(wire.receive_line(), "limits.frame"));
    EXPECT_TRUE(wire.closed_by_peer());
    expect_serving();
}

TEST_F(line_server, sends_nothing_that_was_not_asked_for_to_a_line_client_when_it_stops) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(request(1, "add", "[2,3]") + "\n"));
    EXPECT_EQ(wire.receive_line(), reply(1, "5"));
    server->stop();
    EXPECT_EQ(wire.receive_all(), "");
}

TEST_F(line_server, serves_two_hundred_line_clients_at_once) {
    start();
    std::vector<raw_socket> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(connect());
        ASSERT_TRUE(clients.back().send(request(i, "add", "[" + std::to_string(i) + ",1]") + "\n"));
    }
    for (int i = 0; i < 200; ++i)
        EXPECT_EQ(clients[static_cast<std::size_t>(i)].receive_line(), reply(i, std::to_string(i + 1)));
}

}  // namespace
