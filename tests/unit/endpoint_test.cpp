#include <gtest/gtest.h>

#include <string>

#include <farcall/endpoint.hpp>

namespace {

using farcall::endpoint;
using farcall::parse_endpoint;

struct good_url {
    std::string_view text;
    endpoint parts;
    std::string_view url;
};

TEST(endpoint, takes_urls_apart_and_writes_them_again) {
    const good_url all[] = {
        {"tcp://127.0.0.1:5000", {"tcp", "127.0.0.1", 5000, ""}, "tcp://127.0.0.1:5000"},
        {"127.0.0.1:0", {"tcp", "127.0.0.1", 0, ""}, "tcp://127.0.0.1:0"},
        {"tcp://:5000", {"tcp", "127.0.0.1", 5000, ""}, "tcp://127.0.0.1:5000"},
        {":5000", {"tcp", "127.0.0.1", 5000, ""}, "tcp://127.0.0.1:5000"},
        {"localhost:65535", {"tcp", "localhost", 65535, ""}, "tcp://localhost:65535"},
        {"tcp://[::1]:80", {"tcp", "::1", 80, ""}, "tcp://[::1]:80"},
        {"[fe80::1%eth0]:80", {"tcp", "fe80::1%eth0", 80, ""}, "tcp://[fe80::1%eth0]:80"},
        {"unix:///run/x.sock", {"unix", "", 0, "/run/x.sock"}, "unix:///run/x.sock"},
        {"unix:x.sock", {"unix", "", 0, "x.sock"}, "unix:x.sock"},
        {"unix:/run/x.sock", {"unix", "", 0, "/run/x.sock"}, "unix:///run/x.sock"},
        {"http://localhost:5000/rpc?v=2", {"http", "localhost", 5000, "/rpc?v=2"}, "http://localhost:5000/rpc?v=2"},
        {"http://example.org", {"http", "example.org", 80, "/"}, "http://example.org:80/"},
        {"http://example.org?v=2", {"http", "example.org", 80, "/?v=2"}, "http://example.org:80/?v=2"},
        {"ws://[::1]", {"ws", "::1", 80, "/"}, "ws://[::1]:80/"},
        {"ws://[::1]:5000/a%20b", {"ws", "::1", 5000, "/a%20b"}, "ws://[::1]:5000/a%20b"},
        {"ws://:5000", {"ws", "127.0.0.1", 5000, "/"}, "ws://127.0.0.1:5000/"},
        {"memory://name", {"memory", "name", 0, ""}, "memory://name"},
        {"sim://host", {"sim", "host", 0, ""}, "sim://host"},
    };
    for (const good_url& one : all) {
        const auto parts = parse_endpoint(one.text);
        ASSERT_TRUE(parts) << one.text << ": " << parts.error().message();
        EXPECT_EQ(*parts, one.parts) << one.text;
        EXPECT_EQ(parts->url(), one.url);
        EXPECT_EQ(parse_endpoint(parts->url()).value(), one.parts) << one.text;
    }
}

TEST(endpoint, says_what_is_wrong_with_a_url_and_gives_an_example) {
    for (const std::string_view bad :
         {"", "x", ":", "tcp://", "tcp://host", "tcp://host:", "tcp://host:x", "tcp://host:-1",
          "tcp://host:65536", "tcp://host:99999999999", "tcp://host:5000/", "tcp://host:5000 ", "tcp://::1:5000",
          "tcp://[::1]", "tcp://[::1", "tcp://[]:1", "tcp://[::1]5000",
          "http://", "http:///x", "ws://host:/", "ws://host:x/", "http://host:70000", "http://ada:secret@host/",
          "http://host/#top", "http://host/a b", "http://host/\r\nX: y", "http://host/\x7f", "ws://::1/", "ws://[::1",
          "ws://[::1]x", "https://host/", "wss://host/", "unix:", "unix://", "://x", "memory://"}) {
        const auto parts = parse_endpoint(bad);
        ASSERT_FALSE(parts) << bad;
        EXPECT_EQ(parts.error().status(), farcall::status::invalid_argument);
        EXPECT_EQ(parts.error().executed(), farcall::executed::no);
        EXPECT_NE(parts.error().message().find("write "), std::string::npos) << parts.error().message();
    }
    EXPECT_FALSE(parse_endpoint(std::string_view{"tcp://a\0b:1", 11}));
}

TEST(endpoint, does_not_repeat_an_endless_url) {
    EXPECT_LT(parse_endpoint(std::string(100'000, 'x')).error().message().size(), 400u);
}

}  // namespace
