#include <farcall/protocol/error_object.hpp>

#include <farcall/codec/scan.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using namespace std::chrono_literals;
using namespace farcall::detail;
using farcall::error;
using farcall::executed;
using farcall::origin;
using farcall::status;
using farcall::testing::exact_text;

std::string written(const error& failure) {
    text_buffer out;
    append_error_object(out, failure);
    return std::string{out.view()};
}

error read(std::string_view text) {
    const exact_text received{text};
    error_view view;
    std::string problem;
    EXPECT_TRUE(read_error_object(received, view, problem)) << text << ": " << problem;
    return to_error(view);
}

TEST(error_object, leaves_empty_data_out) {
    EXPECT_EQ(written(error{status::invalid_argument, "no"}.with_executed(executed::no)),
              R"({"code":-32602,"message":"no"})");
    EXPECT_EQ(written(error{status::unknown, "boom"}.with_executed(executed::yes)),
              R"({"code":-32000,"message":"boom"})");
    EXPECT_EQ(written(error{status::unavailable, "x"}), R"({"code":-32014,"message":"x"})");
}

TEST(error_object, says_whether_it_ran_where_the_code_does_not) {
    EXPECT_EQ(written(error{status::invalid_argument, "m"}.with_executed(executed::yes)),
              R"({"code":-32602,"message":"m","data":{"executed":"yes"}})");
    EXPECT_EQ(written(error{status::unavailable, "m"}.with_executed(executed::no)),
              R"({"code":-32014,"message":"m","data":{"executed":"no"}})");
    EXPECT_EQ(written(error{status::unknown, "m"}), R"({"code":-32000,"message":"m","data":{"executed":"unknown"}})");
}

TEST(error_object, comes_back_as_it_was_written) {
    error::details texts;
    texts.message = "Division by \"zero\"";
    texts.type = "division_by_zero";
    texts.value = R"({"dividend":10})";
    texts.path = "/1/lines/3";
    texts.retry_after = 250ms;
    for (const executed ran : {executed::no, executed::yes, executed::unknown}) {
        const error back = read(written(error{status::unknown, texts}.with_executed(ran)));
        EXPECT_EQ(back.status(), status::unknown);
        EXPECT_EQ(back.code(), -32000);
        EXPECT_FALSE(back.has_own_code());
        EXPECT_EQ(back.origin(), origin::peer);
        EXPECT_EQ(back.executed(), ran);
        EXPECT_EQ(back.message(), texts.message);
        EXPECT_EQ(back.type(), texts.type);
        EXPECT_EQ(back.value(), texts.value);
        EXPECT_EQ(back.path(), texts.path);
        EXPECT_EQ(back.retry_after(), 250ms);
    }
    EXPECT_EQ(
        written(error{status::unknown, texts}.with_executed(executed::yes)),
        R"({"code":-32000,"message":"Division by \"zero\"","data":{"type":"division_by_zero","value":{"dividend":10},)"
        R"("path":"/1/lines/3","retry_after_ms":250}})");
}

TEST(error_object, sends_an_applications_code_and_data_as_they_are) {
    EXPECT_EQ(written(error::application(7, "seven", R"({"why":"asked"})")),
              R"({"code":7,"message":"seven","data":{"why":"asked"}})");
    EXPECT_EQ(written(error::application(0, "zero")), R"({"code":0,"message":"zero"})");
    EXPECT_EQ(written(error::application(-32001, "srv", "[1]")), R"({"code":-32001,"message":"srv","data":[1]})");
    const error back = read(R"({"code":7,"message":"seven","data":{"why":"asked","executed":"no"}})");
    EXPECT_TRUE(back.has_own_code());
    EXPECT_EQ(back.code(), 7);
    EXPECT_EQ(back.status(), status::unknown);
    EXPECT_EQ(back.data(), R"({"why":"asked","executed":"no"})");
    EXPECT_EQ(back.executed(), executed::yes);
    EXPECT_EQ(back.origin(), origin::peer);
}

TEST(error_object, forges_no_number_that_json_rpc_reserves) {
    for (const int code : {-32700, -32600, -32601, -32602, -32603, -32768, -32100})
        EXPECT_EQ(wire_code(error::application(code, "forged")), -32603) << code;
    EXPECT_EQ(wire_code(error::application(-32099, "own")), -32099);
    EXPECT_EQ(wire_code(error::application(-32769, "own")), -32769);
}

TEST(error_object, is_not_spoilt_by_data_that_is_no_json) {
    EXPECT_EQ(written(error::application(1, "m", "{broken")), R"({"code":1,"message":"m","data":"{broken"})");
    const std::string deep = std::string(63, '[') + std::string(63, ']');
    EXPECT_NE(written(error::application(1, "m", deep)).find("\"data\":\"[["), std::string::npos);
    EXPECT_NE(written(error::application(1, "m", deep.substr(1, 124))).find("\"data\":[["), std::string::npos);
    EXPECT_TRUE(scan(written(error{status::internal, "bad \xFF\xC0 text\n"}), 64));
}

TEST(error_object, passes_over_data_that_is_not_as_expected) {
    for (const char* data :
         {"null", "5", "[1]", "\"text\"", R"({"type":5,"path":[],"executed":"maybe","retry_after_ms":"soon"})",
          R"({"executed":true,"retry_after_ms":1.5})"}) {
        const error back = read(R"({"code":-32005,"message":"m","data":)" + std::string{data} + "}");
        EXPECT_EQ(back.status(), status::not_found);
        EXPECT_EQ(back.executed(), executed::unknown) << data;
        EXPECT_EQ(back.type(), "");
        EXPECT_EQ(back.path(), "");
        EXPECT_EQ(back.retry_after(), 0ms);
        EXPECT_EQ(back.data(), data);
    }
}

TEST(error_object, bounds_how_long_a_peer_can_make_it_wait) {
    EXPECT_EQ(read(R"({"code":-32014,"message":"m","data":{"retry_after_ms":9223372036854775807}})").retry_after(),
              24h);
    EXPECT_EQ(read(R"({"code":-32014,"message":"m","data":{"retry_after_ms":-5}})").retry_after(), 0ms);
    EXPECT_EQ(read(R"({"code":-32014,"message":"m","data":{"retry_after_ms":5}})").retry_after(), 5ms);
}

TEST(error_object, bounds_its_texts_between_characters) {
    const std::string euro = "\xE2\x82\xAC";
    std::string message;
    while (message.size() <= longest_error_message) message += euro;
    const error back = read(R"({"code":-32005,"message":")" + message + R"(","data":{"type":")" + message + R"("}})");
    EXPECT_LE(back.message().size(), longest_error_message);
    EXPECT_EQ(back.message().size() % euro.size(), 0u);
    EXPECT_LE(back.type().size(), longest_error_type);
    EXPECT_LT(written(error{status::not_found, message}).size(), longest_error_message + 100);
    EXPECT_TRUE(scan(written(error{status::not_found, message}), 64));
}

TEST(error_object, unescapes_the_peers_text_and_keeps_it) {
    EXPECT_EQ(read(R"({"message":"a\"b\\c\n\u0001\u00e9","code":9})").message(), "a\"b\\c\n\x01\xC3\xA9");
}

}  // namespace
