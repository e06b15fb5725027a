#include <farcall/protocol/content_length_framing.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "unit/protocol/exact_text.hpp"
#include "unit/protocol/framed_stream.hpp"

namespace {

using namespace farcall::detail;
using farcall::limits;
using farcall::testing::framed_stream;
using texts = std::vector<std::string>;

limits small() {
    limits bounds;
    bounds.frame = 100;
    bounds.http_header = 200;
    bounds.http_fields = 4;
    return bounds;
}

framed_stream stream() {
    return framed_stream{make_content_length_framing(small())};
}

std::string with_header(std::string_view text) {
    return "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + std::string{text};
}

void expect_found(const std::string& bytes, const texts& wanted) {
    framed_stream whole = stream();
    whole.feed(bytes);
    EXPECT_EQ(whole.messages(), wanted);
    framed_stream slow = stream();
    slow.feed_slowly(bytes);
    EXPECT_EQ(slow.messages(), wanted);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        framed_stream parts = stream();
        parts.feed(std::string_view{bytes}.substr(0, cut));
        parts.feed(std::string_view{bytes}.substr(cut));
        EXPECT_EQ(parts.messages(), wanted) << "cut at " << cut;
        EXPECT_EQ(parts.rest(), "");
    }
}

TEST(content_length_framing, finds_the_same_messages_wherever_the_stream_is_cut) {
    expect_found(with_header("{\"id\":1}") + with_header("") + with_header("[\"\\r\\n\\r\\n\"]"),
                 {"{\"id\":1}", "", "[\"\\r\\n\\r\\n\"]"});
}

TEST(content_length_framing, takes_fields_in_any_order_and_case_and_passes_over_others) {
    expect_found(
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:2\r\nX-Trace: a:b\r\n\r\n{}",
        {"{}"});
    expect_found("CONTENT-LENGTH: \t 2 \t\r\nContent-Type: application/vscode-jsonrpc; charset=\"UTF8\"\r\n\r\n[]",
                 {"[]"});
    expect_found("Content-Length: 002\r\nContent-Type: text/plain\r\n\r\n{}", {"{}"});
}

TEST(content_length_framing, refuses_a_header_that_leaves_a_doubt) {
    const struct {
        const char* header;
        const char* said;
    } cases[] = {
        {"Content-Type: text/plain\r\n\r\n", "a message without a Content-Length"},
        {"\r\n\r\n", "a line of a header that is not"},
        {"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "a second Content-Length"},
        {"Content-Length:\r\n\r\n", "a Content-Length without a number"},
        {"Content-Length: \r\n\r\n", "a Content-Length without a number"},
        {"Content-Length: -2\r\n\r\n", "a Content-Length that is not a number"},
        {"Content-Length: +2\r\n\r\n", "a Content-Length that is not a number"},
        {"Content-Length: 0x2\r\n\r\n", "a Content-Length that is not a number"},
        {"Content-Length: 2, 2\r\n\r\n", "a Content-Length that is not a number"},
        {"Content-Length: 2 2\r\n\r\n", "a Content-Length that is not a number"},
        {"Content-Length: two\r\n\r\n", "a Content-Length that is not a number"},
        {"Content-Length: 101\r\n\r\n", "limits.frame"},
        {"Content-Length: 18446744073709551617\r\n\r\n", "limits.frame"},
        {"Content-Length: 99999999999999999999999999999999999999999\r\n\r\n", "limits.frame"},
        {"Content-Length : 2\r\n\r\n", "a line of a header that is not"},
        {" Content-Length: 2\r\n\r\n", "a line of a header that is not"},
        {"Content-Length: 2\r\n folded\r\n\r\n", "a line of a header that is not"},
        {"Content-Length: 2\r\nno colon\r\n\r\n", "a line of a header that is not"},
        {"Content-Length: 2\r\n: nameless\r\n\r\n", "a line of a header that is not"},
        {"Content-Length: 2\nX: y\r\n\r\n", "a control character"},
        {"Content-Length: 2\rX: y\r\n\r\n", "a control character"},
        {"Content-Length: 2\x01\r\n\r\n", "a control character"},
        {"Content-Length: 2\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", "limits.http_fields"},
        {"Content-Length: 2\r\nContent-Type: a/b; charset=utf-16\r\n\r\n", "a Content-Type that is not in UTF-8"},
        {"Content-Length: 2\r\nContent-Type: a/b; x=y; charset=\"latin1\"\r\n\r\n",
         "a Content-Type that is not in UTF-8"},
    };
    for (const auto& one : cases) {
        framed_stream bad = stream();
        bad.feed(one.header);
        EXPECT_TRUE(bad.closed()) << one.header;
        EXPECT_TRUE(bad.messages().empty()) << one.header;
        EXPECT_NE(bad.said().find(one.said), std::string::npos) << one.header << bad.said();
        EXPECT_TRUE(bad.said().starts_with("Content-Length: ")) << bad.said();
        EXPECT_NE(bad.said().find("\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"),
                  std::string::npos);
    }
}

TEST(content_length_framing, takes_headers_and_messages_of_their_limits_and_no_byte_more) {
    framed_stream longest = stream();
    longest.feed(with_header(std::string(100, 'x')));
    EXPECT_EQ(longest.messages().size(), 1u);
    const std::string front = "Content-Length: 2\r\nX: ";
    const std::string fits = front + std::string(200 - 4 - front.size(), 'x') + "\r\n\r\n{}";
    expect_found(fits, {"{}"});
    framed_stream longer = stream();
    longer.feed(front + std::string(201 - 4 - front.size(), 'x') + "\r\n\r\n{}");
    EXPECT_TRUE(longer.closed());
    framed_stream endless = stream();
    endless.feed_slowly("Content-Length: 2\r\nX: " + std::string(200, 'x'));
    EXPECT_TRUE(endless.closed());
    EXPECT_NE(endless.said().find("limits.http_header"), std::string::npos);
}

TEST(content_length_framing, says_how_much_of_a_message_is_missing) {
    const auto framing = make_content_length_framing(small());
    text_buffer out;
    EXPECT_EQ(framing->next("Content-Length: 10\r\n\r\n", out).missing, 10u);
    EXPECT_EQ(framing->next("Content-Length: 10\r\n\r\n123", out).missing, 7u);
    EXPECT_EQ(framing->next("Content-Length: 10\r\n\r\n1234567890", out).payload, "1234567890");
}

TEST(content_length_framing, finds_a_short_header_behind_a_long_one) {
    expect_found(
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}" + with_header("[1]"),
        {"{}", "[1]"});
}

TEST(content_length_framing, puts_a_header_in_front_of_each_answer) {
    const auto framing = make_content_length_framing({});
    text_buffer out;
    out.append("before");
    out.append("{\"id\":1}");
    EXPECT_TRUE(framing->end_message(out, 6));
    EXPECT_EQ(out.view(), "before" + with_header("{\"id\":1}"));
}

TEST(content_length_framing, does_not_run_a_message_that_is_cut_by_the_end) {
    framed_stream cut = stream();
    cut.feed("Content-Length: 3\r\n\r\n{}");
    cut.end();
    EXPECT_TRUE(cut.messages().empty());
}

}  // namespace
