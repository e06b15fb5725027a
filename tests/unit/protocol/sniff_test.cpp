#include <farcall/protocol/sniff.hpp>

#include <gtest/gtest.h>

#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using farcall::detail::most_blanks_first;
using farcall::detail::sniff;
using farcall::detail::wire_protocol;
using farcall::testing::exact_text;

wire_protocol spoken(std::string_view received) {
    return sniff(exact_text{received});
}

/// What DESIGN section 2 says of a first byte.
wire_protocol by_the_table(int byte) {
    if (byte <= 0x08) return wire_protocol::native;
    if (byte == '{' || byte == '[') return wire_protocol::line;
    if (byte == 'C') return wire_protocol::undecided;
    if (byte >= 'A' && byte <= 'Z') return wire_protocol::http;
    if (byte == 0x16) return wire_protocol::tls;
    if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') return wire_protocol::undecided;
    return wire_protocol::unknown;
}

TEST(sniff, decides_by_the_first_byte_all_256_of_them) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string first{static_cast<char>(byte)};
        EXPECT_EQ(spoken(first), by_the_table(byte)) << byte;
        if (by_the_table(byte) == wire_protocol::undecided) continue;
        for (int second = 0; second < 256; ++second)
            ASSERT_EQ(spoken(first + static_cast<char>(second)), by_the_table(byte)) << byte << ' ' << second;
    }
}

TEST(sniff, tells_connect_and_copy_from_content_length_by_their_second_byte) {
    EXPECT_EQ(spoken("Co"), wire_protocol::content_length);
    EXPECT_EQ(spoken("Content-Length: 2\r\n\r\n{}"), wire_protocol::content_length);
    EXPECT_EQ(spoken("Content-Type: application/json\r\n"), wire_protocol::content_length);
    EXPECT_EQ(spoken("CO"), wire_protocol::http);
    EXPECT_EQ(spoken("CONNECT example.org:443 HTTP/1.1\r\n"), wire_protocol::http);
    EXPECT_EQ(spoken("C "), wire_protocol::http);
}

TEST(sniff, does_not_change_its_mind_wherever_the_bytes_are_cut) {
    for (const std::string stream :
         {"{\"jsonrpc\":\"2.0\"}", "[]", "POST / HTTP/1.1\r\n", "CONNECT a HTTP/1.1\r\n", "Content-Length: 1\r\n",
          "\r\n \t\n{}", "\n\n[1]", "\r\nGET / HTTP/1.1\r\n", "\x16\x03\x01", "quit\r\n", "\n\nquit"}) {
        const wire_protocol whole = spoken(stream);
        EXPECT_NE(whole, wire_protocol::undecided) << stream;
        bool decided = false;
        for (std::size_t size = 1; size <= stream.size(); ++size) {
            const wire_protocol part = spoken(stream.substr(0, size));
            if (part == wire_protocol::undecided) {
                EXPECT_FALSE(decided) << stream << size;
            } else {
                decided = true;
                EXPECT_EQ(part, whole) << stream << size;
            }
        }
    }
}

TEST(sniff, takes_blank_lines_for_the_front_of_json_but_never_makes_a_line_of_http) {
    EXPECT_EQ(spoken("\n\r\n  \n"), wire_protocol::undecided);
    EXPECT_EQ(spoken("\n\r\n  \n{"), wire_protocol::line);
    EXPECT_EQ(spoken("\r\nPOST / HTTP/1.1\r\n"), wire_protocol::http);
    EXPECT_EQ(spoken("\r\nCo"), wire_protocol::http);
    EXPECT_EQ(spoken(std::string{"\r\n\0", 3}), wire_protocol::unknown);
    EXPECT_EQ(spoken("\r\n\x16"), wire_protocol::unknown);
}

TEST(sniff, does_not_wait_behind_blanks_without_end) {
    EXPECT_EQ(spoken(std::string(most_blanks_first, ' ')), wire_protocol::undecided);
    EXPECT_EQ(spoken(std::string(most_blanks_first, ' ') + '{'), wire_protocol::line);
    EXPECT_EQ(spoken(std::string(most_blanks_first + 1, ' ')), wire_protocol::unknown);
    EXPECT_EQ(spoken(std::string(most_blanks_first + 1, ' ') + '{'), wire_protocol::unknown);
}

}  // namespace
