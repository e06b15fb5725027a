#include <farcall/codec/codec_error.hpp>

#include <gtest/gtest.h>

using farcall::codec_error;

TEST(codec_error, names_the_path_before_the_message) {
    EXPECT_EQ((codec_error{.path = "lines[3].price", .message = "missing member"}.text()), "lines[3].price: missing member");
    EXPECT_EQ((codec_error{.path = "", .message = "missing member"}.text()), "missing member");
}

TEST(codec_error, puts_the_name_of_the_root_before_the_path) {
    EXPECT_EQ((codec_error{.path = "price", .message = "gone"}.text("result")), "result.price: gone");
    EXPECT_EQ((codec_error{.path = "[1].price", .message = "gone"}.text("params")), "params[1].price: gone");
    EXPECT_EQ((codec_error{.path = "", .message = "gone"}.text("result")), "result: gone");
}
