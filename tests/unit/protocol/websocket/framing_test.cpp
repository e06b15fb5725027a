#include <farcall/protocol/websocket/framing.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "unit/protocol/exact_text.hpp"
#include "unit/protocol/websocket/frames.hpp"

namespace {

using namespace farcall::detail;
using farcall::testing::exact_text;
using farcall::testing::masked_frame;
using farcall::testing::masked_text;
using farcall::testing::websocket_bytes;
using kind = framing_step::kind;

std::string server_frame(unsigned first, std::string_view payload) {
    return websocket_bytes{.first = first, .mask = {}}(payload);
}

class websocket_framing_of_a_server : public ::testing::Test {
protected:
    framing_step next(const std::string& bytes) {
        received_ = exact_text{bytes};
        return framing_->next(received_, out_);
    }
    bool reply(std::string_view text) {
        const std::size_t mark = out_.size();
        out_.append(text);
        return framing_->end_message(out_, mark);
    }
    std::string sent() const { return std::string{out_.view()}; }

    std::unique_ptr<framing> framing_ = make_websocket_framing({.frame = 100});
    text_buffer out_;
    exact_text received_{""};
};

TEST_F(websocket_framing_of_a_server, finds_a_message_and_frames_its_reply) {
    const framing_step step = next(masked_text(R"({"id":1})"));
    EXPECT_EQ(step.what, kind::message);
    EXPECT_EQ(step.payload, R"({"id":1})");
    EXPECT_EQ(step.consumed, masked_text(R"({"id":1})").size());
    EXPECT_TRUE(reply("{}"));
    EXPECT_EQ(sent(), server_frame(0x81, "{}"));
}

TEST_F(websocket_framing_of_a_server, keeps_a_part_of_a_message_and_tells_how_much) {
    const framing_step step = next(masked_text("123456789").substr(0, 10));
    EXPECT_EQ(step.what, kind::progress);
    EXPECT_EQ(step.consumed, 10u);
    EXPECT_EQ(framing_->held(), 4u);
}

TEST_F(websocket_framing_of_a_server, answers_a_ping_and_takes_a_pong_as_it_is) {
    EXPECT_EQ(next(masked_frame(0x89, "12")).what, kind::handled);
    EXPECT_EQ(sent(), server_frame(0x8A, "12"));
    EXPECT_EQ(next(masked_frame(0x8A, "12")).what, kind::handled);
    EXPECT_EQ(sent(), server_frame(0x8A, "12"));
}

TEST_F(websocket_framing_of_a_server, answers_a_close_with_its_own_code) {
    EXPECT_EQ(next(masked_frame(0x88,
                                "\x03\xE8"
                                "bye"))
                  .what,
              kind::close);
    EXPECT_EQ(sent(), server_frame(0x88, "\x03\xE8"));
}

TEST_F(websocket_framing_of_a_server, answers_a_close_without_a_code_with_one_without_a_code) {
    EXPECT_EQ(next(masked_frame(0x88, "")).what, kind::close);
    EXPECT_EQ(sent(), server_frame(0x88, ""));
}

TEST_F(websocket_framing_of_a_server, says_what_the_peer_did_wrong_when_it_closes) {
    EXPECT_EQ(next(masked_text(std::string(101, 'x'))).what, kind::close);
    EXPECT_EQ(sent(), server_frame(0x88,
                                   "\x03\xF1"
                                   "limits.frame: a message of more than 100 bytes"));
}

TEST_F(websocket_framing_of_a_server, says_that_it_goes_away_when_this_side_ends_the_connection) {
    framing_->farewell(out_);
    EXPECT_EQ(sent(), server_frame(0x88, "\x03\xE9"));
}

TEST_F(websocket_framing_of_a_server, says_nothing_more_behind_its_close) {
    next(masked_frame(0x88, ""));
    framing_->farewell(out_);
    EXPECT_TRUE(reply("{}"));
    EXPECT_EQ(sent(), server_frame(0x88, ""));
}

TEST_F(websocket_framing_of_a_server, does_not_answer_a_peer_that_has_ended_its_side) {
    EXPECT_FALSE(framing_->answers_after_end());
    EXPECT_TRUE(framing_->pushes());
}

}  // namespace
