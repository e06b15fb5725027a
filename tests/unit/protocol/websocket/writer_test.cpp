#include <farcall/protocol/websocket/writer.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include <farcall/protocol/websocket/reader.hpp>

#include "unit/protocol/exact_text.hpp"
#include "unit/protocol/websocket/frames.hpp"

namespace {

using namespace farcall::detail;
using farcall::testing::exact_text;
using farcall::testing::some_mask;
using farcall::testing::websocket_bytes;

TEST(websocket_writer, writes_the_bytes_of_the_rfc_for_every_form_of_the_length) {
    for (const std::size_t size : {0u, 1u, 3u, 7u, 8u, 9u, 125u, 126u, 65535u, 65536u}) {
        const std::string text(size, 'a');
        for (const std::optional<std::uint32_t> mask : {std::optional<std::uint32_t>{}, std::optional{some_mask}}) {
            text_buffer out;
            out.append("before");
            const std::size_t mark = out.size();
            out.append(text);
            end_websocket_frame(out, mark, mask);
            EXPECT_EQ(out.view(), "before" + websocket_bytes{.mask = mask}(text)) << size;
        }
    }
}

TEST(websocket_writer, writes_what_the_reader_of_the_other_side_reads) {
    for (const websocket_role reads : {websocket_role::client, websocket_role::server}) {
        std::optional<std::uint32_t> mask;
        if (reads == websocket_role::server) mask = 0xFF00A55Au;
        text_buffer out;
        out.append(R"({"text":"żółw"})");
        end_websocket_frame(out, 0, mask);
        const std::size_t first = out.size();
        append_websocket_control(out, websocket_opcode::ping, "there?", mask);
        const std::size_t second = out.size();
        append_websocket_close(out, websocket_close::going_away, "stops", mask);

        websocket_reader reader{reads, 1000};
        const exact_text all{out.view()};
        websocket_step step = reader.next(all);
        EXPECT_EQ(step.what, websocket_step::kind::message);
        EXPECT_EQ(step.payload, R"({"text":"żółw"})");
        EXPECT_EQ(step.consumed, first);
        step = reader.next(all.view().substr(first));
        EXPECT_EQ(step.what, websocket_step::kind::ping);
        EXPECT_EQ(step.payload, "there?");
        step = reader.next(all.view().substr(second));
        EXPECT_EQ(step.what, websocket_step::kind::close);
        EXPECT_EQ(step.code, websocket_close::going_away);
        EXPECT_EQ(step.payload, "stops");
    }
}

TEST(websocket_writer, closes_without_a_code_where_there_is_nothing_to_say) {
    text_buffer out;
    append_websocket_close(out, websocket_close::nothing_said, "unsaid");
    EXPECT_EQ(out.view(), (std::string_view{"\x88\x00", 2}));
}

TEST(websocket_writer, cuts_a_reason_between_code_points) {
    text_buffer out;
    append_websocket_close(out, websocket_close::protocol_error, std::string(122, 'r') + "\u00e9");
    EXPECT_EQ(out.view(), "\x88\x7C\x03\xEA" + std::string(122, 'r'));
}

}  // namespace
