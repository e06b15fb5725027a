#include "integration/framed_server.hpp"

#include <algorithm>
#include <thread>

#include "integration/raw_websocket.hpp"

/// WebSocket against a real server: what its framing alone cannot show.
namespace {

using farcall::testing::masked_frame;
using farcall::testing::masked_text;
using farcall::testing::websocket_bytes;
using integration::framed_server;
using integration::raw_websocket;
using integration::reply;
using integration::request;
using namespace std::chrono_literals;

class websocket_server : public framed_server {
protected:
    raw_websocket open(std::string_view more = {}) const { return raw_websocket{connect(), more}; }
};

TEST_F(websocket_server, answers_each_message_with_one_message) {
    start();
    raw_websocket client = open();
    EXPECT_NE(client.head().find("101"), std::string::npos);
    EXPECT_NE(client.head().find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
    ASSERT_TRUE(client.send_text(request(1, "add", "[2,3]")));
    EXPECT_EQ(client.receive(), reply(1, "5"));
    ASSERT_TRUE(client.send_text("[" + request(2, "add", R"({"b":1,"a":2})") + "]"));
    EXPECT_EQ(client.receive(), "[" + reply(2, "3") + "]");
    ASSERT_TRUE(client.send_text("{bad}"));
    EXPECT_NE(client.receive().value_or("").find("-32700"), std::string::npos);
    ASSERT_TRUE(client.send_text(request(3, "fill", "[70000]")));
    EXPECT_EQ(client.receive(), reply(3, '"' + std::string(70000, 'x') + '"'));
}

TEST_F(websocket_server, speaks_it_wherever_the_bytes_are_cut) {
    start();
    const std::string call = request(1, "add", "[2,3]");
    const std::string sent =
        masked_frame(0x01, call.substr(0, 9)) + masked_frame(0x89, "!") + masked_frame(0x80, call.substr(9));
    raw_websocket client = open();
    for (std::size_t cut = 0; cut < sent.size(); ++cut) {
        ASSERT_TRUE(client.send(sent.substr(0, cut)) && client.send(sent.substr(cut)));
        EXPECT_EQ(client.receive_frame(), (raw_websocket::frame{0x8A, "!"}));
        ASSERT_EQ(client.receive(), reply(1, "5")) << cut;
    }
}

TEST_F(websocket_server, takes_messages_in_the_packet_of_the_handshake) {
    start();
    integration::raw_socket wire = connect();
    ASSERT_TRUE(
        wire.send("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                  masked_text(request(1, "add", "[2,3]"))));
    while (wire.receive_line().value_or("\r") != "\r") {
    }
    EXPECT_EQ(raw_websocket::receive(wire), reply(1, "5"));
}

TEST_F(websocket_server, declines_compression) {
    start();
    raw_websocket client = open("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
    EXPECT_NE(client.head().find("101"), std::string::npos);
    EXPECT_EQ(client.head().find("Extensions"), std::string::npos);
    ASSERT_TRUE(client.send_frame(0xC1, "compressed"));
    EXPECT_EQ(client.receive(), "close:1002");
    EXPECT_TRUE(client.wire().closed_by_peer());
}

TEST_F(websocket_server, says_why_it_closes_a_connection_that_breaks_a_rule) {
    farcall::server_options options;
    options.limits.frame = 1000;
    start(options);
    const struct {
        std::string sent;
        const char* received;
    } cases[] = {
        {websocket_bytes{.mask = {}}("{}"), "close:1002"},
        {masked_frame(0x80, "{}"), "close:1002"},
        {masked_frame(0x82, "{}"), "close:1003"},
        {masked_text("\"\xED\xA0\x80\""), "close:1007"},
        {masked_text(std::string(1001, ' ')), "close:1009"},
        {masked_frame(0x01, std::string(600, ' ')) + masked_frame(0x80, std::string(401, ' ')), "close:1009"},
        {websocket_bytes{.said_length = 1ull << 40}(""), "close:1009"},
        {masked_frame(0x88, "\x03\xE8"), "close:1000"},
        {masked_frame(0x88, ""), "close:1005"},
    };
    for (const auto& one : cases) {
        raw_websocket client = open();
        ASSERT_TRUE(client.send(one.sent));
        EXPECT_EQ(client.receive(), one.received);
        EXPECT_TRUE(client.wire().closed_by_peer());
    }
    expect_serving();
}

TEST_F(websocket_server, finishes_what_it_accepted_and_says_that_it_goes_away_when_it_stops) {
    start();
    raw_websocket client = open();
    ASSERT_TRUE(client.send_text(request(1, "held", "[7]")) && client.send_text(request(2, "add", "[2,3]")));
    EXPECT_EQ(client.receive(), reply(2, "5"));
    std::jthread stopping{[&] { server->stop(); }};
    handler->coroutines.open();
    EXPECT_EQ(client.receive(), reply(1, "7"));
    EXPECT_EQ(client.receive(), "close:1001");
    EXPECT_TRUE(client.wire().closed_by_peer());
    // Who does not end its side, too, is waited for.
    client.wire().close();
}

TEST_F(websocket_server, does_not_answer_behind_its_close) {
    start();
    raw_websocket client = open();
    ASSERT_TRUE(client.send_text(request(1, "held", "[7]")) && client.send_frame(0x88, "\x03\xE8"));
    EXPECT_EQ(client.receive(), "close:1000");
    handler->coroutines.open();
    EXPECT_EQ(client.receive(), std::nullopt);
    expect_serving();
}

TEST_F(websocket_server, counts_the_parts_of_messages_that_it_holds) {
    farcall::server_options options;
    options.limits.buffered = 300'000;
    start(options);
    const std::string part = websocket_bytes{.said_length = 1'000'000}(std::string(250'000, ' '));
    raw_websocket first = open(), second = open();
    ASSERT_TRUE(first.send(part) && second.send(part));
    // The one whose part comes last holds too much.
    const auto refused = [](raw_websocket& client) {
        return client.receive(200ms).value_or("").find("limits.buffered") != std::string::npos;
    };
    EXPECT_TRUE(refused(first) || refused(second));
    expect_serving();
}

TEST_F(websocket_server, stops_reading_from_a_peer_that_pings_and_does_not_read) {
    start();
    raw_websocket client{connect(4096)};
    std::string pings;
    for (int i = 0; i < 500; ++i) pings += masked_frame(0x89, std::string(125, 'p'));
    std::size_t sent = 0;
    while (sent < (64u << 20)) {
        const ssize_t some = client.wire().send_some(pings, 200ms);
        if (some <= 0) break;
        sent += static_cast<std::size_t>(some);
        // What was cut goes on where it was cut.
        std::rotate(pings.begin(), pings.begin() + some % static_cast<ssize_t>(pings.size()), pings.end());
    }
    EXPECT_LT(sent, 64u << 20);
    expect_serving();
}

}  // namespace
