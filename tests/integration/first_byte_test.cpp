#include "integration/framed_server.hpp"

#include <farcall/protocol/sniff.hpp>

/// What a connection speaks is decided by its first bytes.
namespace {

using farcall::detail::sniff;
using farcall::detail::wire_protocol;
using integration::frame;
using integration::framed_server;
using integration::raw_socket;
using integration::reply;
using integration::request;
using namespace std::chrono_literals;

std::string after_length(const std::string& text) {
    return "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}

class first_byte : public framed_server {};

TEST_F(first_byte, closes_within_two_seconds_what_begins_with_a_byte_that_no_protocol_begins_with) {
    start();
    std::size_t count = 0;
    for (int byte = 0; byte < 256; ++byte) {
        const std::string first{static_cast<char>(byte)};
        if (sniff(first) != wire_protocol::unknown) continue;
        ++count;
        raw_socket wire = connect();
        ASSERT_TRUE(wire.send(first));
        EXPECT_TRUE(wire.closed_by_peer(2s)) << byte;
    }
    EXPECT_EQ(count, 256u - 9 - 2 - 26 - 1 - 4);
    expect_serving();
}

TEST_F(first_byte, tells_a_tls_client_with_an_alert_that_there_will_be_no_handshake) {
    start();
    raw_socket wire = connect();
    // The front of a ClientHello, RFC 8446, section 4.1.2.
    ASSERT_TRUE(wire.send(std::string{"\x16\x03\x01\x00\xC8\x01\x00\x00\xC4\x03\x03", 11}));
    EXPECT_EQ(wire.receive_all(2s), (std::string{"\x15\x03\x03\x00\x02\x02\x28", 7}));
    EXPECT_TRUE(wire.closed_by_peer(2s));
}

TEST_F(first_byte, speaks_what_the_first_bytes_say_wherever_they_are_cut) {
    start();
    const std::string call = request(1, "add", "[2,3]");
    const struct {
        std::string sent, received;
    } protocols[] = {
        {frame(call), frame(reply(1, "5"))},
        {call + "\n", reply(1, "5") + "\n"},
        {"\r\n\n " + call + "\r\n", reply(1, "5") + "\n"},
        {after_length(call), after_length(reply(1, "5"))},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + after_length(call),
         "HTTP/1.1 200 OK\r\n"},
        {"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "HTTP/1.1 4"},
        {"[" + call + "]\n", "[" + reply(1, "5") + "]\n"},
    };
    for (const auto& one : protocols) {
        for (std::size_t cut = 0; cut < one.sent.size(); ++cut) {
            raw_socket wire = connect();
            ASSERT_TRUE(wire.send(one.sent.substr(0, cut)) && wire.send(one.sent.substr(cut)));
            ASSERT_EQ(wire.receive_bytes(one.received.size()), one.received) << one.sent << " cut at " << cut;
        }
    }
}

TEST_F(first_byte, starts_headers_as_language_servers_have_them) {
    start();
    raw_socket wire = connect();
    const std::string call = request(2, "echo", R"(["\r\n\r\n"])");
    ASSERT_TRUE(wire.send("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" +
                          after_length(request(1, "held", "[7]")) + after_length(call)));
    const std::string first = after_length(reply(2, R"("\r\n\r\n")"));
    EXPECT_EQ(wire.receive_bytes(first.size()), first);
    wire.half_close();
    handler->coroutines.open();
    EXPECT_EQ(wire.receive_all(), after_length(reply(1, "7")));

    raw_socket broken = connect();
    ASSERT_TRUE(broken.send("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"));
    EXPECT_NE(broken.receive_all().find("a second Content-Length"), std::string::npos);
}

TEST_F(first_byte, does_not_change_the_protocol_of_a_connection) {
    start();
    raw_socket wire = connect();
    ASSERT_TRUE(wire.send(request(1, "add", "[2,3]") + "\n"));
    EXPECT_EQ(wire.receive_line(), reply(1, "5"));
    ASSERT_TRUE(wire.send("POST / HTTP/1.1\n"));
    EXPECT_TRUE(wire.receive_line().value_or("").find("-32700") != std::string::npos);
    ASSERT_TRUE(wire.send(request(2, "add", "[2,4]") + "\n"));
    EXPECT_EQ(wire.receive_line(), reply(2, "6"));
}

TEST_F(first_byte, is_not_held_up_by_connections_that_say_nothing_or_only_begin) {
    start();
    std::vector<raw_socket> silent;
    for (const std::string& begun :
         {std::string{}, std::string{"{"}, std::string{"C"}, std::string{"\n"}, std::string{"\0", 1},
          std::string{"[\"a"}, std::string{"P"}, std::string{"Content-Len"}}) {
        for (int i = 0; i < 8; ++i) {
            silent.push_back(connect());
            ASSERT_TRUE(silent.back().send(begun));
        }
    }
    for (int i = 0; i < 8; ++i) expect_serving();
}

TEST_F(first_byte, closes_connections_that_do_not_get_to_a_message_in_time) {
    farcall::server_options options;
    options.limits.handshake = 50ms;
    start(options);
    for (const std::string& begun :
         {std::string{}, std::string{"{\"jsonrpc\""}, std::string{"C"}, std::string{"\n \n"}}) {
        raw_socket wire = connect();
        ASSERT_TRUE(wire.send(begun));
        EXPECT_TRUE(wire.closed_by_peer()) << begun;
    }
}

}  // namespace
