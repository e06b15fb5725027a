#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <farcall/protocol/http/response.hpp>

#include "../exact_text.hpp"

namespace {

using farcall::detail::http_response_head;
using farcall::detail::http_response_reader;
using farcall::testing::exact_text;
using state = http_response_reader::state;
using ends = http_response_head::body_end;

/// Reads a head whole, byte by byte, and split at every offset; all ways must agree.
state read(std::string_view text, http_response_reader& reader) {
    const exact_text whole{text};
    const state found = reader.next(whole);
    http_response_reader slow;
    state now = state::need_more;
    for (std::size_t size = 1; size <= text.size() && now == state::need_more; ++size)
        now = slow.next(exact_text{text.substr(0, size)});
    EXPECT_EQ(now, found) << text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        http_response_reader twice;
        state end = twice.next(exact_text{text.substr(0, cut)});
        if (end == state::need_more) end = twice.next(whole);
        EXPECT_EQ(end, found) << text << " cut at " << cut;
    }
    return found;
}

http_response_head good(std::string_view text) {
    static http_response_reader reader;
    reader.reset();
    EXPECT_EQ(read(text, reader), state::complete) << text << ": " << reader.problem();
    EXPECT_EQ(reader.size(), text.size());
    http_response_head head = reader.head();
    head.reason = {};
    return head;
}

TEST(http_response_reader, reads_the_first_line) {
    EXPECT_EQ(good("HTTP/1.1 200 OK\r\n\r\n").status, 200u);
    EXPECT_EQ(good("HTTP/1.0 599 What ever\r\n\r\n").status, 599u);
    EXPECT_EQ(good("HTTP/1.0 404 \r\n\r\n").minor, 0u);
    EXPECT_EQ(good("HTTP/1.1 404\r\n\r\n").status, 404u);
}

TEST(http_response_reader, knows_where_the_body_ends) {
    EXPECT_EQ(good("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n").body, ends::length);
    EXPECT_EQ(good("HTTP/1.1 200 OK\r\ncontent-length:17 \r\n\r\n").length, 17u);
    EXPECT_EQ(good("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").body, ends::none);
    EXPECT_EQ(good("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n").body, ends::chunks);
    EXPECT_EQ(good("HTTP/1.1 200 OK\r\n\r\n").body, ends::close);
    for (const char* status : {"100", "101", "204", "304"})
        EXPECT_EQ(good("HTTP/1.1 " + std::string{status} + " x\r\n\r\n").body, ends::none) << status;
}

TEST(http_response_reader, knows_whether_another_request_may_follow) {
    EXPECT_TRUE(good("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n").keep_alive);
    EXPECT_FALSE(good("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: x, Close\r\n\r\n").keep_alive);
    EXPECT_FALSE(good("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n").keep_alive);
    EXPECT_TRUE(good("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n").keep_alive);
    EXPECT_FALSE(good("HTTP/1.1 200 OK\r\n\r\n").keep_alive);
}

TEST(http_response_reader, refuses_what_two_readers_could_read_differently) {
    for (const std::string_view text :
         {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "{\"jsonrpc\":\"2.0\"}", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n",
          "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n",
          "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n Folded: x\r\n\r\n", "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\nSpace : x\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n"}) {
        http_response_reader reader;
        EXPECT_EQ(read(text, reader), state::refused) << text;
        EXPECT_FALSE(reader.problem().empty());
    }
}

TEST(http_response_reader, tells_from_the_first_byte_what_is_no_http) {
    http_response_reader reader;
    EXPECT_EQ(reader.next(exact_text{"\x15"}), state::refused);
    EXPECT_NE(reader.problem().find("scheme"), std::string_view::npos);
}

TEST(http_response_reader, bounds_the_head) {
    std::string text = "HTTP/1.1 200 OK\r\nA: ";
    text.append(http_response_reader::longest, 'x');
    http_response_reader reader;
    EXPECT_EQ(reader.next(text), state::refused);
    http_response_reader below;
    EXPECT_EQ(below.next(text.substr(0, http_response_reader::longest - 1)), state::need_more);
}

TEST(http_response_reader, finds_fields) {
    http_response_reader reader;
    const std::string text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: keep-alive, upgrade\r\n\r\n";
    ASSERT_EQ(reader.next(text), state::complete);
    EXPECT_EQ(reader.head().find("UPGRADE"), "websocket");
    EXPECT_EQ(reader.head().find("location"), std::nullopt);
    EXPECT_TRUE(reader.head().list_has("Connection", "Upgrade"));
}

TEST(http_status_text, says_where_else_to_go) {
    http_response_reader reader;
    const std::string moved = "HTTP/1.1 301 Moved\x80\r\nLocation: http://other/\r\n\r\n";
    ASSERT_EQ(reader.next(moved), state::complete);
    EXPECT_EQ(http_status_text(reader.head()), "HTTP 301 Moved\\x80, to http://other/");
    reader.reset();
    ASSERT_EQ(reader.next("HTTP/1.1 404\r\n\r\n"), state::complete);
    EXPECT_EQ(http_status_text(reader.head()), "HTTP 404 Not Found");
}

}  // namespace
