#include <farcall/protocol/websocket/framing.hpp>
#include <farcall/protocol/websocket/reader.hpp>
#include <farcall/protocol/websocket/writer.hpp>

#include <farcall/detail/utf8.hpp>

#include "fuzz/framed_input.hpp"
#include "fuzz/targets.hpp"

namespace {

using namespace farcall::detail;

/// What one side writes, the other reads.
void there_and_back(std::string_view text) {
    if (utf8_prefix(text) != text.size()) return;
    for (const websocket_role reads : {websocket_role::client, websocket_role::server}) {
        text_buffer out;
        out.append(text);
        std::optional<std::uint32_t> mask;
        if (reads == websocket_role::server) mask = 0x01FF7F80u + static_cast<std::uint32_t>(text.size());
        end_websocket_frame(out, 0, mask);
        websocket_reader reader{reads, text.size()};
        const websocket_step step = reader.next(farcall::testing::exact_text{out.view()});
        fuzz::check(step.what == websocket_step::kind::message && step.payload == text, "what is written is read");
    }
}

}  // namespace

void fuzz::websocket(std::string_view input) {
    const auto read = [&](std::size_t piece) {
        return framed_input{make_websocket_framing({.frame = 512}), input, piece};
    };
    const framed_input whole = read(input.size() + 1);
    for (const std::string& message : whole.messages) {
        check(message.size() <= 512, "no message is longer than the limit");
        check(utf8_prefix(message) == message.size(), "every message is UTF-8");
    }
    for (const std::size_t piece : {1, 3, 17}) {
        const framed_input parts = read(piece);
        check(parts.messages == whole.messages && parts.closed == whole.closed, "the cuts do not matter");
    }
    there_and_back(input);
}
