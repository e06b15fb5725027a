#include <farcall/protocol/websocket/reader.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "unit/protocol/exact_text.hpp"
#include "unit/protocol/websocket/frames.hpp"

namespace {

using farcall::detail::websocket_reader;
using farcall::detail::websocket_role;
using farcall::detail::websocket_step;
using farcall::testing::exact_text;
using farcall::testing::masked_frame;
using farcall::testing::masked_text;
using farcall::testing::websocket_bytes;
using kind = websocket_step::kind;

constexpr std::size_t limit = 1 << 20;

/// Everything that a reader finds in a stream, as a text: "message:{}|ping:a|failed:1002".
class reading {
public:
    explicit reading(websocket_role own = websocket_role::server, std::size_t most = limit) : reader_(own, most) {}

    void feed(std::string_view bytes) {
        buffered_ += bytes;
        while (!buffered_.empty() && !over_) {
            const exact_text received{buffered_};
            const websocket_step step = reader_.next(received);
            if (step.what == kind::need_more) {
                EXPECT_GT(step.missing, 0u);
                EXPECT_EQ(step.consumed, 0u);
                return;
            }
            if (step.what != kind::failed) {
                EXPECT_GT(step.consumed, 0u);
            }
            note(step);
            buffered_.erase(0, step.consumed);
        }
    }
    /// With nothing half-read at the end.
    std::string all() const {
        EXPECT_TRUE(over_ || buffered_.empty());
        return found_;
    }
    const std::string& so_far() const { return found_; }
    /// Of the close or the failure.
    const std::string& reason() const { return reason_; }

private:
    void note(const websocket_step& step) {
        static constexpr const char* names[] = {"", "", "message:", "ping:", "pong:", "close:", "failed:"};
        if (step.what == kind::progress) return;
        if (!found_.empty()) found_ += '|';
        found_ += names[static_cast<int>(step.what)];
        if (step.what == kind::close || step.what == kind::failed) {
            found_ += std::to_string(static_cast<unsigned>(step.code));
            over_ = true;
            reason_ = step.what == kind::close ? std::string{step.payload} : step.reason;
        } else {
            found_ += step.payload;
        }
    }

    websocket_reader reader_;
    std::string buffered_;
    std::string found_;
    std::string reason_;
    bool over_ = false;
};

std::string read(std::string_view stream, websocket_role own = websocket_role::server, std::size_t most = limit) {
    reading whole{own, most};
    whole.feed(stream);
    return whole.all();
}

/// That it is read so whole, byte by byte, and cut at every offset.
void expect_read(const std::string& stream, const std::string& wanted, std::size_t most = limit) {
    EXPECT_EQ(read(stream, websocket_role::server, most), wanted);
    reading bytes{websocket_role::server, most};
    for (const char byte : stream) bytes.feed({&byte, 1});
    EXPECT_EQ(bytes.all(), wanted);
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        reading parts{websocket_role::server, most};
        parts.feed(std::string_view{stream}.substr(0, cut));
        parts.feed(std::string_view{stream}.substr(cut));
        EXPECT_EQ(parts.all(), wanted) << "cut at " << cut;
    }
}

TEST(websocket_reader, cuts_a_stream_into_the_same_messages_wherever_it_is_cut) {
    expect_read(masked_text("{}") + masked_text("") + masked_text(std::string(300, 'x')) + masked_text("[1]"),
                "message:{}|message:|message:" + std::string(300, 'x') + "|message:[1]");
}

TEST(websocket_reader, reads_the_examples_of_the_rfc) {
    const auto bytes = [](std::initializer_list<int> all) {
        std::string made;
        for (const int byte : all) made += static_cast<char>(byte);
        return made;
    };
    // RFC 6455, section 5.7
    EXPECT_EQ(read(bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), websocket_role::client), "message:Hello");
    EXPECT_EQ(read(bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})), "message:Hello");
    EXPECT_EQ(read(bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}), websocket_role::client),
              "message:Hello");
    EXPECT_EQ(read(bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), websocket_role::client), "ping:Hello");
    EXPECT_EQ(read(bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58})), "pong:Hello");
}

TEST(websocket_reader, reads_every_size_around_the_forms_of_the_length) {
    for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 124u, 125u, 126u, 127u, 65534u, 65535u, 65536u, 70000u}) {
        const std::string text(size, 'a');
        EXPECT_EQ(read(masked_text(text)), "message:" + text);
        EXPECT_EQ(read(websocket_bytes{.mask = {}}(text), websocket_role::client), "message:" + text);
    }
}

TEST(websocket_reader, joins_fragments_with_control_frames_between_them) {
    expect_read(masked_frame(0x01, "{\"a\"") + masked_frame(0x89, "still there?") + masked_frame(0x00, "") +
                    masked_frame(0x8A, "") + masked_frame(0x00, ":") + masked_frame(0x80, "1}") + masked_text("[]"),
                "ping:still there?|pong:|message:{\"a\":1}|message:[]");
    expect_read(masked_frame(0x01, "") + masked_frame(0x00, "") + masked_frame(0x80, ""), "message:");
}

TEST(websocket_reader, takes_a_message_in_parts_and_says_what_is_missing) {
    websocket_reader reader{websocket_role::server, limit};
    const std::string stream = masked_text(std::string(1000, 'x'));
    EXPECT_EQ(reader.next(exact_text{stream.substr(0, 1)}).missing, 1u);
    EXPECT_EQ(reader.next(exact_text{stream.substr(0, 2)}).missing, 6u);
    EXPECT_EQ(reader.next(exact_text{stream.substr(0, 7)}).missing, 1u);
    const websocket_step part = reader.next(exact_text{stream.substr(0, 508)});
    EXPECT_EQ(part.what, kind::progress);
    EXPECT_EQ(part.consumed, 508u);
    EXPECT_EQ(part.missing, 500u);
    EXPECT_EQ(reader.held(), 500u);
    EXPECT_EQ(reader.next(exact_text{stream.substr(508)}).what, kind::message);
    EXPECT_EQ(reader.held(), 0u);
}

TEST(websocket_reader, refuses_what_breaks_the_protocol) {
    const struct {
        const char* name;
        std::string stream;
        const char* found = "failed:1002";
    } cases[] = {
        {"RSV1, as a compressed message has it", masked_frame(0xC1, "x")},
        {"RSV2", masked_frame(0xA1, "x")},
        {"RSV3", masked_frame(0x91, "x")},
        {"RSV1 of a ping", masked_frame(0xC9, "x")},
        {"no mask", websocket_bytes{.mask = {}}("x")},
        {"a ping without a mask", websocket_bytes{.first = 0x89, .mask = {}}("x")},
        {"opcode 3", masked_frame(0x83, "x")},
        {"opcode 7", masked_frame(0x87, "x")},
        {"opcode 11", masked_frame(0x8B, "x")},
        {"opcode 15", masked_frame(0x8F, "x")},
        {"a continuation of nothing", masked_frame(0x80, "x")},
        {"a fragment of nothing", masked_frame(0x00, "x")},
        {"a continuation behind a whole message", masked_text("x") + masked_frame(0x80, "x"), "message:x|failed:1002"},
        {"a message inside a message", masked_frame(0x01, "x") + masked_frame(0x81, "y")},
        {"binary inside a message", masked_frame(0x01, "x") + masked_frame(0x82, "y")},
        {"a fragmented ping", masked_frame(0x09, "x")},
        {"a fragmented close", masked_frame(0x08, "")},
        {"a ping of 126 bytes", masked_frame(0x89, std::string(126, 'x'))},
        {"a close of 126 bytes", masked_frame(0x88, "\x03\xE8" + std::string(124, 'x'))},
        {"a binary message", masked_frame(0x82, "{}"), "failed:1003"},
        {"a length of two bytes where one would do", websocket_bytes{.length_bytes = 2}(std::string(125, 'x'))},
        {"a length of eight bytes where one would do", websocket_bytes{.length_bytes = 8}(std::string(125, 'x'))},
        {"a length of eight bytes where two would do", websocket_bytes{.length_bytes = 8}(std::string(65535, 'x'))},
        {"a length of 2^63", websocket_bytes{.length_bytes = 8, .said_length = 1ull << 63}("")},
        {"a length of 2^64 - 1", websocket_bytes{.length_bytes = 8, .said_length = ~0ull}("")},
        {"a length of 2^63 - 1", websocket_bytes{.length_bytes = 8, .said_length = (1ull << 63) - 1}(""),
         "failed:1009"},
    };
    for (const auto& one : cases) EXPECT_EQ(read(one.stream), one.found) << one.name;
    EXPECT_EQ(read(masked_text("x"), websocket_role::client), "failed:1002");
}

TEST(websocket_reader, does_not_wait_for_more_than_the_two_bytes_that_are_wrong) {
    EXPECT_EQ(read(masked_frame(0xC1, "x").substr(0, 2)), "failed:1002");
    EXPECT_EQ(read(masked_frame(0x82, "x").substr(0, 2)), "failed:1003");
    EXPECT_EQ(read(masked_frame(0x89, std::string(200, 'x')).substr(0, 2)), "failed:1002");
}

TEST(websocket_reader, refuses_a_message_above_the_limit_from_its_header) {
    expect_read(masked_text("1234567890"), "message:1234567890", 10);
    reading longer{websocket_role::server, 10};
    longer.feed(websocket_bytes{.said_length = 11}(""));
    EXPECT_EQ(longer.all(), "failed:1009");
    EXPECT_EQ(longer.reason(), "limits.frame: a message of more than 10 bytes");
}

TEST(websocket_reader, counts_all_fragments_of_a_message_together) {
    expect_read(masked_frame(0x01, "12345") + masked_frame(0x80, "67890"), "message:1234567890", 10);
    expect_read(masked_frame(0x01, "12345") + masked_frame(0x00, "67890") + masked_frame(0x80, "1").substr(0, 6),
                "failed:1009", 10);
}

TEST(websocket_reader, takes_any_utf8_cut_anywhere) {
    const std::string text = "\u017c\u00f3\u0142 \u6f22\u5b57 \U0001F600";
    expect_read(masked_text(text), "message:" + text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        expect_read(masked_frame(0x01, text.substr(0, cut)) + masked_frame(0x80, text.substr(cut)), "message:" + text);
}

TEST(websocket_reader, refuses_text_that_is_not_utf8_at_its_first_wrong_byte) {
    for (const std::string bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                  "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "\xF0\x9F\x98", "\xC3"}) {
        expect_read(masked_text("good" + bad), "failed:1007");
        expect_read(masked_text(bad + "good"), "failed:1007");
    }
    reading early;
    early.feed(websocket_bytes{.said_length = 1000}("good\xED\xA0"));
    EXPECT_EQ(early.all(), "failed:1007");
    reading undecided;
    undecided.feed(websocket_bytes{.said_length = 1000}("good\xED\x9F"));
    EXPECT_EQ(undecided.so_far(), "");
    expect_read(masked_frame(0x01, "\xE2") + masked_frame(0x80, "x"), "failed:1007");
}

TEST(websocket_reader, tells_the_code_and_the_reason_of_a_close) {
    expect_read(masked_frame(0x88, ""), "close:1005");
    expect_read(masked_frame(0x88, "\x03\xE8"), "close:1000");
    reading with_reason;
    with_reason.feed(masked_frame(0x88, "\x03\xE9" + std::string(123, 'r')));
    EXPECT_EQ(with_reason.all(), "close:1001");
    EXPECT_EQ(with_reason.reason(), std::string(123, 'r'));
}

TEST(websocket_reader, takes_only_codes_that_may_be_sent) {
    for (unsigned code = 0; code < 6000; ++code) {
        const bool good =
            (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code < 5000);
        const std::string bytes{static_cast<char>(code >> 8), static_cast<char>(code & 255)};
        ASSERT_EQ(read(masked_frame(0x88, bytes)), good ? "close:" + std::to_string(code) : "failed:1002") << code;
    }
    EXPECT_EQ(read(masked_frame(0x88, "\xFF\xFF")), "failed:1002");
    EXPECT_EQ(read(masked_frame(0x88, "\x03")), "failed:1002");
    EXPECT_EQ(read(masked_frame(0x88, "\x03\xE8\xC0")), "failed:1007");
}

TEST(websocket_reader, finds_the_same_in_random_bytes_however_they_are_cut) {
    std::mt19937 random{20};
    for (int round = 0; round < 2000; ++round) {
        std::string stream = masked_frame(random() % 2 ? 0x81 : 0x01, std::string(random() % 140, 'x')) +
                             masked_frame(0x80, "tail") + masked_frame(0x89, "ping") + masked_text("{}");
        for (std::size_t times = random() % 4; times > 0; --times)
            stream[random() % stream.size()] = static_cast<char>(random());
        reading whole, parts;
        whole.feed(stream);
        for (std::size_t at = 0; at < stream.size();) {
            const std::size_t size = 1 + random() % 40;
            parts.feed(std::string_view{stream}.substr(at, size));
            at += size;
        }
        ASSERT_EQ(whole.so_far(), parts.so_far()) << round;
    }
}

}  // namespace
