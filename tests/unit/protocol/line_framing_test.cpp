#include <farcall/protocol/line_framing.hpp>

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

framed_stream lines(std::size_t limit = 1000) {
    return framed_stream{make_line_framing({.frame = limit})};
}

/// That these messages are found whole, byte by byte, and cut at every offset.
void expect_found(const std::string& stream, const texts& wanted) {
    framed_stream whole = lines();
    whole.feed(stream);
    EXPECT_EQ(whole.messages(), wanted);
    EXPECT_FALSE(whole.closed());
    framed_stream slow = lines();
    slow.feed_slowly(stream);
    EXPECT_EQ(slow.rest(), whole.rest());
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        framed_stream parts = lines();
        parts.feed(std::string_view{stream}.substr(0, cut));
        parts.feed(std::string_view{stream}.substr(cut));
        EXPECT_EQ(parts.rest(), whole.rest());
        EXPECT_EQ(parts.messages().size(), wanted.size()) << "cut at " << cut;
    }
    EXPECT_EQ(slow.messages().size(), wanted.size());
}

std::string reply(std::string_view text) {
    const auto framing = make_line_framing({});
    text_buffer out;
    out.append("before\n");
    const std::size_t mark = out.size();
    out.append(text);
    EXPECT_TRUE(framing->end_message(out, mark));
    return std::string{out.view().substr(mark)};
}

TEST(line_framing, takes_each_line_for_a_message) {
    expect_found("{\"id\":1}\n[2]\n", {"{\"id\":1}", "[2]"});
    expect_found("1\ntrue\n\"a\"\nno json\n", {"1", "true", "\"a\"", "no json"});
}

TEST(line_framing, takes_carriage_returns_and_blank_lines_for_white_space) {
    framed_stream stream = lines();
    stream.feed("\n\r\n  \t\n{\"id\":1}\r\n\n  {\"id\":2}  \n");
    ASSERT_EQ(stream.messages().size(), 2u);
    EXPECT_EQ(stream.messages()[0], "{\"id\":1}\r");
    EXPECT_EQ(stream.messages()[1], "{\"id\":2}  ");
    EXPECT_EQ(stream.rest(), "");
    expect_found("\r\n[1]\r\n\r\n[2]", {"[1]\r", "[2]"});
}

TEST(line_framing, takes_what_has_no_line_feed_for_a_message_when_its_brackets_close) {
    expect_found("{\"id\":1}", {"{\"id\":1}"});
    expect_found("{\"id\":1}{\"id\":2}[3] [4]", {"{\"id\":1}", "{\"id\":2}", "[3]", "[4]"});
    expect_found(R"([[{"a":[]},[]],{}])", {R"([[{"a":[]},[]],{}])"});
}

TEST(line_framing, does_not_count_brackets_inside_of_strings) {
    expect_found(R"({"a":"}]"})", {R"({"a":"}]"})"});
    expect_found(R"(["\"]","\\","\\\"]"])", {R"(["\"]","\\","\\\"]"])"});
    expect_found("[\"\u6f22]\x01\x7f\"]", {"[\"\u6f22]\x01\x7f\"]"});
}

TEST(line_framing, waits_for_the_line_feed_of_what_has_no_brackets) {
    framed_stream stream = lines();
    stream.feed("12");
    EXPECT_TRUE(stream.messages().empty());
    stream.feed("3\n");
    EXPECT_EQ(stream.messages(), texts{"123"});
}

TEST(line_framing, ends_a_message_at_its_line_feed_even_where_brackets_are_open) {
    expect_found("{\"a\":[\n[1]\n", {"{\"a\":[", "[1]"});
    expect_found("{\"a\":\"b\nc\"}\n", {"{\"a\":\"b", "c\"}"});
}

TEST(line_framing, takes_a_line_with_two_texts_for_one_bad_message_if_it_is_there_whole) {
    framed_stream whole = lines();
    whole.feed("{\"id\":1}{\"id\":2}\n{\"id\":3} x\n[4]");
    EXPECT_EQ(whole.messages(), (texts{"{\"id\":1}{\"id\":2}", "{\"id\":3} x", "[4]"}));
}

TEST(line_framing, takes_what_is_left_for_the_last_message_when_the_peer_ends_its_side) {
    framed_stream cut = lines();
    cut.feed("[1]\n{\"id\":2");
    cut.end();
    EXPECT_EQ(cut.messages(), (texts{"[1]", "{\"id\":2"}));
    framed_stream number = lines();
    number.feed("17");
    number.end();
    EXPECT_EQ(number.messages(), texts{"17"});
    framed_stream done = lines();
    done.feed("[1]\n\n  ");
    done.end();
    EXPECT_EQ(done.messages(), texts{"[1]"});
}

TEST(line_framing, takes_a_message_of_the_limit_and_refuses_one_byte_more) {
    const std::string fits = "[\"" + std::string(96, 'x') + "\"]";
    const std::string longer = "[\"" + std::string(97, 'x') + "\"]";
    for (const std::string end : {"\n", ""}) {
        framed_stream good = lines(100);
        good.feed(fits + end);
        EXPECT_EQ(good.messages(), texts{fits});
        framed_stream bad = lines(100);
        bad.feed(longer + end);
        EXPECT_TRUE(bad.closed());
        EXPECT_TRUE(bad.messages().empty());
        EXPECT_EQ(bad.said(),
                  R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"a line is longer than the 100 bytes )"
                  "allowed (limits.frame): send less at a time or raise the limit\"}}\n");
    }
}

TEST(line_framing, refuses_a_line_without_end_as_soon_as_it_is_above_the_limit) {
    framed_stream slow = lines(100);
    slow.feed_slowly(std::string(100, '['));
    EXPECT_FALSE(slow.closed());
    slow.feed("[");
    EXPECT_TRUE(slow.closed());
}

TEST(line_framing, puts_one_line_feed_behind_each_answer_and_none_inside) {
    EXPECT_EQ(reply("{\"id\":1}"), "{\"id\":1}\n");
    EXPECT_EQ(reply("{\n  \"a\" : [\r\n1\n]}"), "{   \"a\" : [  1 ]}\n");
}

TEST(line_framing, answers_after_the_peer_has_ended_its_side) {
    EXPECT_TRUE(make_line_framing({})->answers_after_end());
    EXPECT_TRUE(make_line_framing({})->pushes());
}

TEST(line_framing, searches_no_byte_twice_for_a_line_feed) {
    // Small messages without line feeds would each cost a search of everything behind them. That a byte is not looked
    // at again shows when it has become a line feed.
    const auto framing = make_line_framing({});
    text_buffer out;
    EXPECT_EQ(framing->next("[][1", out).consumed, 2u);
    EXPECT_EQ(framing->next("[\n]", out).consumed, 3u);
    EXPECT_EQ(framing->next("[1,", out).what, framing_step::kind::need_more);
    EXPECT_EQ(framing->next("[\n,2]", out).consumed, 5u);
}

TEST(line_framing, finds_the_same_lines_however_random_streams_of_them_are_cut) {
    std::mt19937 random{21};
    for (int round = 0; round < 500; ++round) {
        std::string stream;
        for (std::size_t count = random() % 8; count > 0; --count) {
            static const char* const parts[] = {"{\"a\":\"}\"}", "[1,[2]]", "{}", "[\"\\\"\"]"};
            stream += parts[random() % 4];
            stream += random() % 3 == 0 ? "\r\n" : "\n";
        }
        framed_stream whole = lines(), parts = lines();
        whole.feed(stream);
        for (std::size_t at = 0; at < stream.size();) {
            const std::size_t size = 1 + random() % 9;
            parts.feed(std::string_view{stream}.substr(at, size));
            at += size;
        }
        ASSERT_EQ(parts.messages().size(), whole.messages().size());
        ASSERT_EQ(parts.rest(), "");
    }
}

}  // namespace
