#include <farcall/protocol/message_writer.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using namespace farcall::detail;
using farcall::error;
using farcall::status;

template <class Write>
std::string written(Write write) {
    text_buffer out;
    write(out);
    return std::string{out.view()};
}

TEST(message_writer, writes_requests_with_params_last) {
    EXPECT_EQ(written([](auto& out) { append_request(out, 7, "Calculator.add", "[5,3]"); }),
              R"({"jsonrpc":"2.0","id":7,"method":"Calculator.add","params":[5,3]})");
    EXPECT_EQ(written([](auto& out) { append_request(out, 18446744073709551615u, "m", ""); }),
              R"({"jsonrpc":"2.0","id":18446744073709551615,"method":"m"})");
}

TEST(message_writer, writes_meta_before_params_and_only_what_is_set) {
    call_meta meta;
    EXPECT_EQ(written([&](auto& out) { append_request(out, 1, "m", "[]", &meta); }),
              R"({"jsonrpc":"2.0","id":1,"method":"m","params":[]})");
    meta.timeout = std::chrono::milliseconds{250};
    EXPECT_EQ(written([&](auto& out) { append_request(out, 1, "m", "", &meta); }),
              R"({"jsonrpc":"2.0","id":1,"method":"m","meta":{"timeout_ms":250}})");
    EXPECT_EQ(written([&](auto& out) { append_notification(out, "m", "{}", &meta); }),
              R"({"jsonrpc":"2.0","method":"m","meta":{"timeout_ms":250},"params":{}})");
}

TEST(message_writer, writes_notifications_without_id) {
    EXPECT_EQ(written([](auto& out) { append_notification(out, "rpc.cancel", R"({"id":7})"); }),
              R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_EQ(written([](auto& out) { append_notification(out, "m", ""); }), R"({"jsonrpc":"2.0","method":"m"})");
}

TEST(message_writer, escapes_a_method_that_needs_it) {
    EXPECT_EQ(written([](auto& out) { append_request(out, 1, "a\"b\\\n\x01", ""); }),
              R"({"jsonrpc":"2.0","id":1,"method":"a\"b\\\n\u0001"})");
    EXPECT_EQ(written([](auto& out) { append_request(out, 1, "", ""); }), R"({"jsonrpc":"2.0","id":1,"method":""})");
    EXPECT_EQ(written([](auto& out) { append_request(out, 1, "caf\xC3\xA9", ""); }),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"caf\xC3\xA9\"}");
}

TEST(message_writer, lets_params_and_results_be_written_in_place) {
    EXPECT_EQ(written([](auto& out) {
                  begin_request(out, 3, "m");
                  out.append("[1]");
                  end_request(out);
              }),
              R"({"jsonrpc":"2.0","id":3,"method":"m","params":[1]})");
    EXPECT_EQ(written([](auto& out) {
                  begin_result(out, "\"x\\n\"");
                  out.append("null");
                  end_result(out);
              }),
              R"({"jsonrpc":"2.0","id":"x\n","result":null})");
    EXPECT_EQ(written([](auto& out) { append_result(out, "7", "8"); }), R"({"jsonrpc":"2.0","id":7,"result":8})");
}

TEST(message_writer, writes_errors) {
    EXPECT_EQ(written([](auto& out) { append_error(out, "null", -32700, "not \"JSON\""); }),
              R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not \"JSON\""}})");
    EXPECT_EQ(written([](auto& out) {
                  append_error(out, "7", error{status::not_found, "gone"});
              }),
              R"({"jsonrpc":"2.0","id":7,"error":{"code":-32005,"message":"gone"}})");
}

TEST(append_string, replaces_what_is_no_text) {
    const auto string = [](std::string_view text) { return written([&](auto& out) { append_string(out, text); }); };
    EXPECT_EQ(string("a\xFF"
                     "b"),
              "\"a\xEF\xBF\xBD"
              "b\"");
    EXPECT_EQ(string("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(string("\xE2\x82\xAC\xED\xA0\x80!"), "\"\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!\"");
    EXPECT_EQ(string(std::string_view{"\0\x1F\x7F/", 4}), "\"\\u0000\\u001f\x7F/\"");
    EXPECT_EQ(string("twelve bytes and more\nof it\t\xC3\xA9"), "\"twelve bytes and more\\nof it\\t\xC3\xA9\"");
}

TEST(plain_prefix, stops_at_the_first_byte_that_needs_care) {
    for (std::size_t length = 0; length < 20; ++length)
        for (const char special : {'"', '\\', '\n', '\0', '\x1F', '\x80', '\xFF'})
            EXPECT_EQ(plain_prefix(std::string(length, 'm') + special + "abcdefgh"), length)
                << length << ' ' << int{special};
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(static_cast<unsigned char>(byte));
        const bool plain = byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
        EXPECT_EQ(plain_prefix(std::string(9, c)), plain ? 9u : 0u) << byte;
    }
}

}  // namespace
