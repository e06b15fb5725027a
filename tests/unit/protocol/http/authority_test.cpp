#include <farcall/protocol/http/authority.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using farcall::detail::ip_address;
using farcall::detail::read_authority;
using farcall::detail::read_ip;

TEST(ip_address, is_the_same_in_every_spelling) {
    EXPECT_EQ(read_ip("::1"), read_ip("0:0:0:0:0:0:0:1"));
    EXPECT_EQ(read_ip("0:0::0001"), read_ip("::1"));
    EXPECT_EQ(read_ip("2001:DB8::"), read_ip("2001:db8:0:0::0"));
    EXPECT_EQ(read_ip("::ffff:192.0.2.1"), read_ip("192.0.2.1"));
    EXPECT_EQ(read_ip("::ffff:c000:201"), read_ip("192.0.2.1"));
    EXPECT_EQ(read_ip("1:2:3:4:5:6:7:8"), read_ip("1:2:3:4:5:6:0.7.0.8"));
    EXPECT_EQ(read_ip("1:2:3:4:5:6:7::"), read_ip("1:2:3:4:5:6:7:0"));
    EXPECT_EQ(read_ip("::2:3:4:5:6:7:8"), read_ip("0:2:3:4:5:6:7:8"));
    EXPECT_NE(read_ip("::1"), read_ip("::2"));
}

TEST(ip_address, knows_loopback_and_any) {
    for (const char* text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(read_ip(text)->loopback()) << text;
    for (const char* text : {"128.0.0.1", "126.255.255.255", "::", "::2", "::127.0.0.1", "0.0.0.0"})
        EXPECT_FALSE(read_ip(text)->loopback()) << text;
    for (const char* text : {"0.0.0.0", "::"}) EXPECT_TRUE(read_ip(text)->any()) << text;
    for (const char* text : {"127.0.0.1", "::1", "0.0.0.1", "1::"}) EXPECT_FALSE(read_ip(text)->any()) << text;
}

TEST(ip_address, is_nothing_that_is_spelled_otherwise) {
    for (const std::string text : {"",
                                   "1",
                                   "127.1",
                                   "127.0.1",
                                   "127.0.0.1.",
                                   ".127.0.0.1",
                                   "127.0.0.256",
                                   "127.0.0.01",
                                   "0x7f.0.0.1",
                                   "127.0.0.-1",
                                   "127. 0.0.1",
                                   "127.0.0.1 ",
                                   "1.2.3.4.5",
                                   "017700000001",
                                   "2130706433",
                                   ":",
                                   ":::",
                                   "1:",
                                   ":1",
                                   "1::2::3",
                                   "12345::",
                                   "1:2:3:4:5:6:7",
                                   "1:2:3:4:5:6:7:8:9",
                                   "1:2:3:4:5:6:7:8::",
                                   "::1:2:3:4:5:6:7:8",
                                   "g::",
                                   "::1%lo",
                                   "[::1]",
                                   "::ffff:1.2.3",
                                   "1:2:3:4:5:6:7:1.2.3.4",
                                   "::1.2.3.4:5"})
        EXPECT_FALSE(read_ip(text)) << text;
}

TEST(authority, is_a_host_with_or_without_a_port) {
    EXPECT_EQ(read_authority("localhost")->host, "localhost");
    EXPECT_FALSE(read_authority("localhost")->port);
    EXPECT_EQ(read_authority("a-b_c.example:0")->port, 0);
    EXPECT_EQ(read_authority("localhost:65535")->port, 65535);
    EXPECT_EQ(read_authority("localhost.:80")->host, "localhost");
    EXPECT_EQ(read_authority("[::1]:80")->host, "::1");
    EXPECT_EQ(read_authority("[::1]")->ip, read_ip("::1"));
    EXPECT_EQ(read_authority("127.0.0.1:5000")->ip, read_ip("127.0.0.1"));
    EXPECT_FALSE(read_authority("127.1")->ip);
}

TEST(authority, is_nothing_else) {
    for (const std::string text :
         {"",     ":",       ":80",    ".",           "a b",        "a:b",  "a:",       "a:1:2", "a:65536", "a:00080",
          "a:+1", "a:1 ",    "a@b",    "a/b",         "a?b",        "a#b",  "::1",      "[::1",  "::1]",    "[]",
          "[a]",  "[::1]80", "[::1]:", "[127.0.0.1]", "[::1%25lo]", "a%41", "\xC3\xA9", "a,b",   "a\\b"})
        EXPECT_FALSE(read_authority(text)) << text;
}

}  // namespace
