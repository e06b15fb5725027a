#include <farcall/protocol/websocket/handshake.hpp>

#include <gtest/gtest.h>

#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using farcall::detail::good_websocket_key;
using farcall::detail::websocket_accept;
using farcall::testing::exact_text;

TEST(websocket_handshake, answers_the_key_of_the_rfc_with_the_accept_of_the_rfc) {
    EXPECT_EQ(websocket_accept(exact_text{"dGhlIHNhbXBsZSBub25jZQ=="}), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(websocket_handshake, takes_sixteen_bytes_of_base64_for_a_key_and_nothing_else) {
    EXPECT_TRUE(good_websocket_key(exact_text{"dGhlIHNhbXBsZSBub25jZQ=="}));
    EXPECT_TRUE(good_websocket_key(exact_text{"AAAAAAAAAAAAAAAAAAAAAA=="}));
    for (const std::string bad :
         {"", "=", "AAAA", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ==\n",
          "dGhlIHNhbXBsZSBub25jZTE=", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZ!==",
          " GhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ=="}) {
        EXPECT_FALSE(good_websocket_key(exact_text{bad})) << bad;
    }
}

}  // namespace
