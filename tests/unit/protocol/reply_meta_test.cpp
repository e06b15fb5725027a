#include <farcall/protocol/reply_meta.hpp>

#include <gtest/gtest.h>

#include <string>

#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/response.hpp>

#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using farcall::metadata;
using farcall::testing::exact_text;
using std::chrono::microseconds;

reply_meta read(std::string_view text) { return read_reply_meta(exact_text{text}); }

TEST(reply_meta, stands_behind_the_result_where_strict_readers_do_not_look) {
    text_buffer out;
    append_result(out, "7", "8");
    add_reply_meta(out, microseconds{123}, nullptr);
    EXPECT_EQ(out.view(), R"({"jsonrpc":"2.0","id":7,"result":8,"meta":{"server_us":123}})");
    out.clear();
    const metadata trailers{{"rows", "3"}, {"note", "a \"b\""}};
    append_error(out, "7", -32601, "no");
    add_reply_meta(out, microseconds{-1}, &trailers);
    EXPECT_EQ(out.view(), R"({"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no"},)"
                          R"("meta":{"server_us":0,"headers":{"rows":"3","note":"a \"b\""}}})");
}

TEST(reply_meta, comes_back_as_it_was_written) {
    const metadata trailers{{"Rows", "3"}, {"note", "\u00e9 \"b\""}};
    text_buffer out;
    append_result(out, "7", "[1]");
    add_reply_meta(out, microseconds{5'000'000'000}, &trailers);
    const exact_text text{out.view()};
    response_reader reader;
    reader.read_checked(text);
    EXPECT_EQ(reader.response().result, "[1]");
    const reply_meta back = read(reader.response().meta);
    EXPECT_EQ(back.server_time, microseconds{5'000'000'000});
    EXPECT_EQ(back.headers, trailers);
}

TEST(reply_meta, of_another_answer_is_not_left_behind) {
    response_reader reader;
    reader.read(R"({"jsonrpc":"2.0","id":1, "result":1,"meta":{}})");
    EXPECT_EQ(reader.response().meta, "{}");
    reader.read(R"({"jsonrpc":"2.0","id":2,"result":1})");
    EXPECT_EQ(reader.response().meta, "");
    reader.read(R"({"jsonrpc":"2.0","id":3, "result":1})");
    EXPECT_EQ(reader.response().meta, "");
}

TEST(reply_meta, says_nothing_where_it_is_something_else) {
    for (const char* other : {"", "7", "\"x\"", "[]", "{}", "null", R"({"server_us":-1})", R"({"server_us":1.5})",
                              R"({"server_us":"1"})", R"({"server_us":9223372036854775807})", R"({"headers":[]})",
                              R"({"headers":{"a":1}})", R"({"headers":{"a b":"x"}})", R"({"headers":{"a":"x\ny"}})"}) {
        const reply_meta said = read(other);
        EXPECT_FALSE(said.server_time) << other;
        EXPECT_TRUE(said.headers.empty()) << other;
    }
    EXPECT_EQ(read(R"({"later":[{}],"headers":{"a":1,"b":"2","c":null},"server_us":4})").headers, (metadata{{"b", "2"}}));
}

TEST(reply_meta, takes_as_much_as_metadata_holds_and_no_more) {
    std::string many = R"({"headers":{)";
    for (int i = 0; i != 100; ++i) many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":\"\"";
    EXPECT_EQ(read(many + "}}").headers.size(), metadata::max_entries);
    const std::string longest(metadata::max_bytes - 1, 'x');
    EXPECT_EQ(read(R"({"headers":{"a":")" + longest + R"("}})").headers.bytes(), metadata::max_bytes);
    EXPECT_TRUE(read(R"({"headers":{"ab":")" + longest + R"("}})").headers.empty());
}

}  // namespace
