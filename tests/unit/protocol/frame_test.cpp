#include <farcall/protocol/frame.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "unit/protocol/exact_text.hpp"

namespace {

using farcall::limits;
using farcall::detail::begin_frame;
using farcall::detail::end_frame;
using farcall::detail::frame_header;
using farcall::detail::frame_reader;
using farcall::detail::frame_state;
using farcall::detail::frame_step;
using farcall::detail::text_buffer;
using farcall::testing::exact_text;

std::string header(std::size_t length) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<unsigned char>(length >> shift));
    return bytes;
}

std::string framed(std::string_view payload) { return header(payload.size()) + std::string{payload}; }

/// Feeds a stream in pieces of the given sizes, the last one repeated, as a connection would.
std::vector<std::string> frames_of(std::string_view stream, const std::vector<std::size_t>& cuts,
                                   const frame_reader& reader) {
    std::vector<std::string> frames;
    std::string buffered;
    std::size_t cut = 0;
    while (!stream.empty()) {
        const std::size_t size = std::min(cuts[std::min(cut++, cuts.size() - 1)], stream.size());
        buffered += stream.substr(0, size);
        stream.remove_prefix(size);
        for (;;) {
            const exact_text received{buffered};
            const frame_step step = reader.next(received);
            if (step.state != frame_state::frame) {
                EXPECT_EQ(step.state, frame_state::need_more);
                EXPECT_GT(step.missing, 0u);
                break;
            }
            frames.emplace_back(step.payload);
            buffered.erase(0, step.consumed);
        }
    }
    EXPECT_TRUE(buffered.empty());
    return frames;
}

TEST(frame_reader, cuts_a_stream_at_every_offset_into_the_same_frames) {
    const std::vector<std::string> payloads = {"{}", "", std::string(300, 'x'), "[1]", ""};
    std::string stream;
    for (const std::string& payload : payloads) stream += framed(payload);
    const frame_reader reader;
    EXPECT_EQ(frames_of(stream, {stream.size()}, reader), payloads);
    EXPECT_EQ(frames_of(stream, {1}, reader), payloads);
    for (std::size_t first = 1; first < stream.size(); ++first)
        EXPECT_EQ(frames_of(stream, {first, stream.size()}, reader), payloads);
}

TEST(frame_reader, cuts_any_cuts_into_the_same_frames) {
    std::mt19937 random{7};
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> payloads;
        std::string stream;
        for (std::size_t i = random() % 6; i > 0; --i) {
            payloads.emplace_back(random() % 40, static_cast<char>('a' + i));
            stream += framed(payloads.back());
        }
        std::vector<std::size_t> cuts;
        for (int i = 0; i < 200; ++i) cuts.push_back(1 + random() % 9);
        EXPECT_EQ(frames_of(stream, cuts, frame_reader{}), payloads);
    }
}

TEST(frame_reader, says_how_much_is_missing) {
    const frame_reader reader;
    EXPECT_EQ(reader.next({}).missing, 4u);
    EXPECT_EQ(reader.next(exact_text{header(10).substr(0, 3)}).missing, 1u);
    EXPECT_EQ(reader.next(exact_text{header(10)}).missing, 10u);
    EXPECT_EQ(reader.next(exact_text{header(10) + "123456789"}).missing, 1u);
    EXPECT_EQ(reader.next(exact_text{header(10) + "1234567890"}).state, frame_state::frame);
}

TEST(frame_reader, takes_an_empty_frame_for_a_frame) {
    const frame_step step = frame_reader{}.next(exact_text{header(0)});
    EXPECT_EQ(step.state, frame_state::frame);
    EXPECT_TRUE(step.payload.empty());
    EXPECT_EQ(step.consumed, frame_header);
}

TEST(frame_reader, refuses_a_length_above_the_limit_from_its_four_bytes) {
    const frame_reader reader{100};
    EXPECT_EQ(reader.next(exact_text{header(100)}).state, frame_state::need_more);
    const frame_step step = reader.next(exact_text{header(101)});
    EXPECT_EQ(step.state, frame_state::refused);
    EXPECT_EQ(step.length, 101u);
    EXPECT_EQ(
        reader.refusal(step),
        "a frame of 101 bytes is longer than the 100 allowed (limits.frame): send less at a time or raise the limit");
}

TEST(frame_reader, refuses_lengths_that_no_frame_has) {
    const frame_reader widest{static_cast<std::size_t>(-1)};
    EXPECT_EQ(widest.limit(), limits::frame_ceiling);
    EXPECT_EQ(widest.next(exact_text{header(limits::frame_ceiling)}).state, frame_state::need_more);
    for (const std::size_t length : {limits::frame_ceiling + 1, std::size_t{0x80000000u}, std::size_t{0xFFFFFFFFu}}) {
        const frame_step step = widest.next(exact_text{header(length)});
        EXPECT_EQ(step.state, frame_state::refused);
        EXPECT_EQ(step.length, length);
        EXPECT_NE(widest.refusal(step).find("native frames"), std::string::npos);
    }
    EXPECT_EQ(widest.next(exact_text{"GET / HTTP/1.1\r\n"}).state, frame_state::refused);
    EXPECT_EQ(widest.next(exact_text{"{\"jsonrpc\":\"2.0\"}"}).state, frame_state::refused);
}

TEST(frame_reader, holds_the_first_byte_of_every_length_below_nine) { EXPECT_LE(header(limits::frame_ceiling)[0], 8); }

TEST(frame_writer, puts_the_length_in_front) {
    text_buffer out;
    out.append("before");
    const std::size_t mark = begin_frame(out);
    out.append("payload");
    EXPECT_EQ(farcall::detail::frame_size(out, mark), 7u);
    ASSERT_TRUE(end_frame(out, mark));
    EXPECT_EQ(out.view(), "before" + framed("payload"));
    out.truncate(mark);
    EXPECT_EQ(out.view(), "before");
}

TEST(frame_writer, writes_what_the_reader_reads) {
    for (const std::size_t size : {0, 1, 255, 256, 65535, 65536, 70000}) {
        text_buffer out;
        const std::size_t mark = begin_frame(out);
        out.append(std::string(size, 'x'));
        ASSERT_TRUE(end_frame(out, mark));
        const frame_step step = frame_reader{}.next(out.view());
        EXPECT_EQ(step.state, frame_state::frame);
        EXPECT_EQ(step.payload.size(), size);
    }
}

TEST(frame_writer, gives_no_length_to_what_is_above_the_limit) {
    text_buffer out;
    const std::size_t mark = begin_frame(out);
    out.append("12345");
    EXPECT_FALSE(end_frame(out, mark, 4));
    EXPECT_TRUE(end_frame(out, mark, 5));
}

}  // namespace
