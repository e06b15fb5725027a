#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <farcall/protocol/websocket/client_framing.hpp>
#include <farcall/protocol/websocket/handshake.hpp>
#include <farcall/protocol/websocket/reader.hpp>

#include "../exact_text.hpp"
#include "frames.hpp"

namespace {

using farcall::limits;
using farcall::seeded_random;
using farcall::detail::client_step;
using farcall::detail::text_buffer;
using farcall::detail::websocket_reader;
using farcall::detail::websocket_role;
using farcall::detail::websocket_step;
using farcall::testing::exact_text;
using farcall::testing::websocket_bytes;
using kind = client_step::kind;

/// What a server sends.
std::string from_server(std::string_view payload, unsigned first = 0x81) {
    return websocket_bytes{.first = first, .mask = std::nullopt}(payload);
}

class websocket_client_framing : public ::testing::Test {
protected:
    void SetUp() override { make(); }

    void make(limits bounds = {}) {
        seeded_random random{7};
        side = farcall::detail::make_websocket_client_framing({"ws", "example.org", 5000, "/rpc?v=2"}, bounds, random);
        out.clear();
        EXPECT_TRUE(side->open(out));
        asked = written();
        const std::size_t at = asked.find("Sec-WebSocket-Key: ") + 19;
        key = asked.substr(at, asked.find("\r\n", at) - at);
    }

    std::string answer(std::string_view more = "") const {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n" +
               std::string{more} + "Sec-WebSocket-Accept: " + farcall::detail::websocket_accept(key) + "\r\n\r\n";
    }
    void open() { ASSERT_EQ(side->next(answer(), out).what, kind::opened); }

    std::string written() {
        std::string text{out.view()};
        out.clear();
        return text;
    }
    void send(std::string_view message) {
        const std::size_t mark = out.size();
        out.append(message);
        ASSERT_TRUE(side->end_message(out, mark, 1, {}));
    }
    /// The next frame of what a client sent, as a server reads it.
    static std::string read(websocket_reader& server, std::string& sent) {
        for (;;) {
            const websocket_step step = server.next(sent);
            std::string payload{step.payload};
            sent.erase(0, step.consumed);
            switch (step.what) {
                case websocket_step::kind::progress: continue;
                case websocket_step::kind::message: return payload;
                case websocket_step::kind::ping: return "ping";
                case websocket_step::kind::pong: return "pong " + payload;
                case websocket_step::kind::close: return "close " + std::to_string(static_cast<unsigned>(step.code));
                default: return "nothing";
            }
        }
    }

    std::unique_ptr<farcall::detail::client_framing> side;
    text_buffer out;
    std::string asked;
    std::string key;
};

TEST_F(websocket_client_framing, asks_the_server_to_change_the_protocol) {
    EXPECT_TRUE(farcall::detail::good_websocket_key(key));
    EXPECT_EQ(asked, "GET /rpc?v=2 HTTP/1.1\r\nHost: example.org:5000\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n");
    const std::string first = key;
    seeded_random other{8};
    side = farcall::detail::make_websocket_client_framing({"ws", "h", 80, "/"}, {}, other);
    side->open(out);
    EXPECT_EQ(written().find(first), std::string::npos);
}

TEST_F(websocket_client_framing, takes_the_answer_however_it_is_cut) {
    const std::string text = answer();
    for (std::size_t size = 0; size != text.size(); ++size)
        ASSERT_EQ(side->next(exact_text{text.substr(0, size)}, out).what, kind::need_more) << size;
    const client_step step = side->next(exact_text{text + from_server("{}")}, out);
    EXPECT_EQ(step.what, kind::opened);
    EXPECT_EQ(step.consumed, text.size());
    EXPECT_EQ(side->next(exact_text{from_server("{}")}, out).payload, "{}");
}

TEST_F(websocket_client_framing, waits_behind_an_interim_answer) {
    const client_step step = side->next("HTTP/1.1 103 Early Hints\r\n\r\n", out);
    EXPECT_EQ(step.what, kind::handled);
    open();
}

TEST_F(websocket_client_framing, refuses_an_answer_that_does_not_belong_to_it) {
    const std::string good = answer();
    const auto with = [&](std::string_view part, std::string_view other) {
        std::string text = good;
        return text.replace(text.find(part), part.size(), other);
    };
    for (const std::string& text :
         {with("101", "200"), with("101 Switching Protocols", "404 Not Found"), with("Upgrade: WebSocket", "Upgrade: h2c"),
          with("Connection: keep-alive, Upgrade\r\n", ""), with("Sec-WebSocket-Accept: ", "Sec-WebSocket-Accept: x"),
          with("Sec-WebSocket-Accept", "X-Accept"), answer("Sec-WebSocket-Extensions: permessage-deflate\r\n"),
          answer("Sec-WebSocket-Protocol: chat\r\n"), std::string{"SSH-2.0\r\n"}}) {
        make();
        const client_step step = side->next(text, out);
        ASSERT_EQ(step.what, kind::broken) << text;
        EXPECT_EQ(step.failure.message().find("the server did not open a WebSocket: "), 0u);
        EXPECT_EQ(written(), "");
    }
}

TEST_F(websocket_client_framing, sends_masked_frames_that_a_server_can_read) {
    open();
    websocket_reader server{websocket_role::server, limits{}.frame};
    const std::string long_text = '"' + std::string(70'000, 'x') + '"';
    send("{\"a\":1}");
    send(long_text);
    send("{\"a\":1}");
    std::string sent = written();
    const std::string first = sent.substr(0, 13);
    EXPECT_EQ(read(server, sent), "{\"a\":1}");
    EXPECT_EQ(read(server, sent), long_text);
    EXPECT_NE(sent, first) << "each frame has a mask of its own";
    EXPECT_EQ(read(server, sent), "{\"a\":1}");
    EXPECT_EQ(sent, "");
}

TEST_F(websocket_client_framing, reads_messages_however_they_are_cut) {
    const std::string text = from_server("{\"a\":1}") + from_server("{\"b\"", 0x01) + from_server("hi", 0x89) +
                             from_server(":2}", 0x80) + from_server("", 0x8A) + from_server("[]");
    for (std::size_t size = 1; size <= text.size(); ++size) {
        make();
        open();
        std::vector<std::string> found;
        std::string unread;
        for (std::size_t at = 0; at < text.size(); at += size) {
            unread += text.substr(at, size);
            while (!unread.empty()) {
                const client_step step = side->next(exact_text{unread}, out);
                if (step.what == kind::need_more) break;
                ASSERT_NE(step.what, kind::broken) << step.failure.message();
                if (step.what == kind::message) found.emplace_back(step.payload);
                unread.erase(0, step.consumed);
            }
        }
        EXPECT_EQ(found, (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}", "[]"})) << size;
        std::string sent = written();
        websocket_reader server{websocket_role::server, 100};
        EXPECT_EQ(read(server, sent), "pong hi");
    }
}

TEST_F(websocket_client_framing, pings_and_says_goodbye) {
    open();
    websocket_reader server{websocket_role::server, 100};
    EXPECT_TRUE(side->side_messages());
    side->ping(out);
    side->farewell(out);
    side->farewell(out);
    std::string sent = written();
    EXPECT_EQ(read(server, sent), "ping");
    EXPECT_EQ(read(server, sent), "close 1000");
    EXPECT_EQ(sent, "");
    EXPECT_TRUE(side->finished());
    EXPECT_FALSE(side->side_messages());
}

TEST_F(websocket_client_framing, says_nothing_before_it_is_open) {
    side->farewell(out);
    EXPECT_EQ(written(), "");
}

TEST_F(websocket_client_framing, ends_when_the_server_closes) {
    const struct {
        std::string payload;
        farcall::status said;
        const char* text;
        const char* answered;
    } cases[] = {
        {std::string{"\x03\xe9gone", 6}, farcall::status::unavailable, "with code 1001: gone", "close 1001"},
        {"", farcall::status::unavailable, "the server closed the WebSocket", "close 1005"},
        {std::string{"\x03\xf1", 2}, farcall::status::resource_exhausted, "with code 1009", "close 1009"},
    };
    for (const auto& each : cases) {
        make();
        open();
        const client_step step = side->next(from_server(each.payload, 0x88), out);
        ASSERT_EQ(step.what, kind::broken);
        EXPECT_EQ(step.failure.status(), each.said);
        EXPECT_NE(step.failure.message().find(each.text), std::string::npos) << step.failure.message();
        websocket_reader server{websocket_role::server, 100};
        std::string sent = written();
        EXPECT_EQ(read(server, sent), each.answered);
        EXPECT_TRUE(side->finished());
    }
}

TEST_F(websocket_client_framing, closes_on_what_a_server_must_not_send) {
    limits small;
    small.frame = 10;
    const std::pair<std::string, const char*> cases[] = {
        {websocket_bytes{}("{}"), "close 1002"},  // masked
        {from_server("{}", 0x82), "close 1003"},  // binary
        {from_server("\xff"), "close 1007"},
        {from_server("01234567890"), "close 1009"},
        {from_server("{}", 0xC1), "close 1002"},  // compressed
    };
    for (const auto& [text, answered] : cases) {
        make(small);
        open();
        const client_step step = side->next(text, out);
        ASSERT_EQ(step.what, kind::broken) << answered;
        EXPECT_EQ(step.failure.status(), farcall::status::internal);
        websocket_reader server{websocket_role::server, 100};
        std::string sent = written();
        EXPECT_EQ(read(server, sent), answered);
    }
}

TEST_F(websocket_client_framing, makes_nothing_of_what_was_not_sent) {
    open();
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"m","params":[)" + std::string(200, ' ') + "]}";
    send(call);
    const std::size_t second = out.size();
    send(call);
    side->cancel(out, second);
    EXPECT_EQ(out.size(), 2 * second);
    websocket_reader server{websocket_role::server, 1000};
    std::string sent = written();
    EXPECT_EQ(read(server, sent), call);
    EXPECT_EQ(read(server, sent), R"({"jsonrpc":"2.0","method":"rpc."})" + std::string(call.size() - 33, ' '));
}

TEST_F(websocket_client_framing, does_not_answer_pings_that_nobody_reads) {
    open();
    for (int i = 0; i != 1000; ++i) side->next(from_server(std::string(100, 'x'), 0x89), out);
    EXPECT_LT(out.size(), 5000u);
}

}  // namespace
