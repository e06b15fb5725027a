#include <farcall/observe/otlp_reply.hpp>

#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using farcall::detail::otlp_reply;
using farcall::detail::read_otlp_reply;

TEST(otlp_reply, reads_an_answer_however_it_is_cut) {
    const std::string text = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 65\r\n\r\n"
                             R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too late"}})";
    for (std::size_t size = 0; size != text.size() - 1; ++size)
        EXPECT_FALSE(read_otlp_reply(text.substr(0, size), false)) << size;
    const auto read = read_otlp_reply(text, false);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->status, 200);
    EXPECT_TRUE(read->taken());
    EXPECT_EQ(read->rejected, 3u);
}

TEST(otlp_reply, reads_bodies_of_every_length) {
    EXPECT_EQ(read_otlp_reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", false)->rejected, 0u);
    EXPECT_FALSE(read_otlp_reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", false));
    EXPECT_FALSE(read_otlp_reply("HTTP/1.0 200 OK\r\n\r\n{}", false));
    EXPECT_TRUE(read_otlp_reply("HTTP/1.0 200 OK\r\n\r\n{}", true));
    EXPECT_EQ(read_otlp_reply("HTTP/1.1 200 \r\n\r\n{\"partialSuccess\": {\"rejectedSpans\" : 7}}", true)->rejected, 7u);
}

TEST(otlp_reply, says_what_may_pass) {
    const auto status = [](int number, std::string more = "") {
        return read_otlp_reply("HTTP/1.1 " + std::to_string(number) + " x\r\n" + more + "\r\n", true).value();
    };
    for (const int number : {429, 502, 503, 504}) EXPECT_TRUE(status(number).may_pass()) << number;
    for (const int number : {200, 301, 400, 401, 404, 500, 501}) EXPECT_FALSE(status(number).may_pass()) << number;
    EXPECT_EQ(status(503, "Retry-After:  7 \r\n").retry_after, 7s);
    EXPECT_EQ(status(503, "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n").retry_after, std::nullopt);
    EXPECT_EQ(status(503, "Retry-After: 999999999999\r\n").retry_after, std::nullopt);
}

TEST(otlp_reply, takes_what_is_no_http_for_no_answer) {
    for (const char* text : {"", "SSH-2.0-OpenSSH\r\n", "SSH\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
                             "HTTP/1.1 abc def\r\n\r\n"}) {
        const auto read = read_otlp_reply(text, true);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(read->status, 0) << text;
    }
}

}  // namespace
