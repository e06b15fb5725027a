#include <farcall/protocol/side_message.hpp>

#include <gtest/gtest.h>

#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using farcall::testing::exact_text;

template <class Append>
std::string written(Append append) {
    text_buffer out;
    append(out);
    return std::string{out.view()};
}

TEST(side_message, is_a_notification_with_named_params) {
    EXPECT_EQ(written([](auto& out) { append_cancel(out, 7); }),
              R"({"jsonrpc":"2.0","method":"rpc.cancel","params":{"id":7}})");
    EXPECT_EQ(written([](auto& out) { append_goaway(out, "12"); }),
              R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":12}})");
    EXPECT_EQ(written([](auto& out) { append_goaway(out, {}); }),
              R"({"jsonrpc":"2.0","method":"rpc.goaway","params":{"last_id":null}})");
    EXPECT_EQ(written([](auto& out) { append_ping(out, 3); }),
              R"({"jsonrpc":"2.0","method":"rpc.ping","params":{"n":3}})");
    EXPECT_EQ(written([](auto& out) { append_pong(out, 3); }),
              R"({"jsonrpc":"2.0","method":"rpc.pong","params":{"n":3}})");
}

TEST(side_message, cancel_is_read_with_the_ids_own_text) {
    EXPECT_EQ(read_cancel(exact_text{R"({"id":7})"}), "7");
    EXPECT_EQ(read_cancel(exact_text{R"({"why":"late","id":"a\"b"})"}), R"("a\"b")");
    EXPECT_EQ(read_cancel(exact_text{R"({ "id" : 1e2 })"}), "1e2");
}

TEST(side_message, goaway_is_read_as_the_last_number) {
    EXPECT_EQ(read_goaway(exact_text{R"({"last_id":12})"}), 12u);
    EXPECT_EQ(read_goaway(exact_text{R"({"last_id":null})"}), 0u);
    EXPECT_EQ(read_goaway(exact_text{R"({"last_id":"x"})"}), std::nullopt);
    EXPECT_EQ(read_goaway(exact_text{R"({})"}), std::nullopt);
}

TEST(side_message, what_has_another_form_says_nothing) {
    for (const std::string_view text : {"", "[7]", "{", "{\"id\":}", "{\"id\":7", "{\"id\":7}x", "7", "{\"n\":-1}"}) {
        EXPECT_EQ(read_cancel(exact_text{text}), "") << text;
        EXPECT_EQ(read_goaway(exact_text{text}), std::nullopt) << text;
        EXPECT_EQ(read_ping(exact_text{text}), std::nullopt) << text;
    }
    EXPECT_EQ(read_ping(exact_text{R"({"n":18446744073709551615})"}), 18446744073709551615u);
}

TEST(side_message, names_are_reserved) {
    EXPECT_TRUE(reserved_name("rpc.cancel"));
    EXPECT_TRUE(reserved_name("rpc.anything"));
    EXPECT_TRUE(reserved_name("$/cancelRequest"));
    EXPECT_FALSE(reserved_name("rpcx.cancel"));
    EXPECT_FALSE(reserved_name("Calculator.add"));
}

}  // namespace
