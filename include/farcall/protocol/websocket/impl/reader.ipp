#pragma once

#include <algorithm>
#include <utility>

#include <farcall/detail/utf8.hpp>
#include <farcall/protocol/websocket/reader.hpp>

namespace farcall::detail {

FARCALL_DECL websocket_step websocket_reader::fail(websocket_close code, std::string reason) {
    websocket_step step;
    step.what = websocket_step::kind::failed;
    step.code = code;
    step.reason = std::move(reason);
    return step;
}

/// What the first two bytes of a frame do wrong; null: nothing.
FARCALL_DECL const char* websocket_reader::fault(const websocket_header& header) const noexcept {
    if (header.reserved != 0) return "a reserved bit is set, but no extension was agreed on";
    if (header.masked != (own_ == websocket_role::server))
        return header.masked ? "a frame from a server is masked" : "a frame from a client is not masked";
    switch (opcode{header.opcode}) {
        case opcode::continuation:
            return in_message_ ? nullptr : "a continuation of nothing";
        case opcode::text:
        case opcode::binary:
            return in_message_ ? "a message begins inside another one" : nullptr;
        case opcode::close:
        case opcode::ping:
        case opcode::pong:
            if (!header.final) return "a control frame is fragmented";
            return header.length > longest_websocket_control ? "a control frame is longer than 125 bytes" : nullptr;
    }
    return "a frame of an unknown kind";
}

FARCALL_DECL websocket_step websocket_reader::next(std::string_view received) {
    if (std::exchange(handed_out_, false)) {
        message_.clear();
        checked_ = 0;
        if (message_.capacity() > kept_room) message_.release();
    }
    std::size_t used = 0;
    const auto wait = [&](std::size_t missing) {
        const auto what = used == 0 ? websocket_step::kind::need_more : websocket_step::kind::progress;
        return websocket_step{.what = what, .consumed = used, .missing = missing};
    };
    for (;;) {
        if (!in_frame_) {
            const std::string_view rest = received.substr(used);
            const websocket_header header = read_websocket_header(rest);
            if (rest.size() >= 2) {
                if (const char* const wrong = fault(header)) return fail(websocket_close::protocol_error, wrong);
                if (opcode{header.opcode} == opcode::binary)
                    return fail(websocket_close::unsupported, "messages are JSON in text frames, not binary ones");
            }
            if (header.size == 0) return wait(header.missing);
            if (!header.minimal || header.length >> 63 != 0)
                return fail(websocket_close::protocol_error, "a length is not in its shortest form");
            if (header.opcode >= static_cast<std::uint8_t>(opcode::close)) {
                const std::size_t size = header.size + static_cast<std::size_t>(header.length);
                if (rest.size() < size) return wait(size - rest.size());
                return take_control(header, rest, used);
            }
            if (header.length > limit_ - message_.size()) {
                return fail(websocket_close::too_big,
                            "limits.frame: a message of more than " + std::to_string(limit_) + " bytes");
            }
            used += header.size;
            left_ = header.length;
            taken_ = 0;
            mask_ = header.mask;
            final_ = header.final;
            in_message_ = in_frame_ = true;
        }
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left_, received.size() - used));
        apply_websocket_mask(message_.prepare(part), received.substr(used, part), mask_, taken_);
        message_.commit(part);
        used += part;
        taken_ += part;
        left_ -= part;
        in_frame_ = left_ != 0;
        const bool whole = !in_frame_ && final_;
        if (!text_is_good(whole)) return fail(websocket_close::bad_text, "a text message is not UTF-8");
        if (in_frame_) return wait(static_cast<std::size_t>(left_));
        if (!whole) continue;
        in_message_ = false;
        handed_out_ = true;
        return {.what = websocket_step::kind::message, .consumed = used, .payload = message_.view()};
    }
}

/// Checks what came since the last time; a sequence that is cut where the text ends so far may go on.
FARCALL_DECL bool websocket_reader::text_is_good(bool whole) noexcept {
    const std::string_view unchecked = message_.view().substr(checked_);
    const std::size_t good = utf8_prefix(unchecked);
    checked_ += good;
    return good == unchecked.size() || (!whole && utf8_cut_sequence(unchecked.substr(good)));
}

FARCALL_DECL websocket_step websocket_reader::take_control(const websocket_header& header, std::string_view received,
                                                           std::size_t used) {
    const auto length = static_cast<std::size_t>(header.length);
    apply_websocket_mask(control_.data(), received.substr(header.size, length), header.mask);
    const std::string_view payload{control_.data(), length};
    websocket_step step;
    if (opcode{header.opcode} == opcode::close) {
        step = read_close(payload);
    } else {
        step.what = opcode{header.opcode} == opcode::ping ? websocket_step::kind::ping : websocket_step::kind::pong;
        step.payload = payload;
    }
    step.consumed = used + header.size + length;
    return step;
}

FARCALL_DECL websocket_step websocket_reader::read_close(std::string_view payload) const {
    websocket_step step;
    step.what = websocket_step::kind::close;
    if (payload.empty()) return step;
    if (payload.size() == 1) return fail(websocket_close::protocol_error, "a close frame with half a code");
    const auto code =
        static_cast<unsigned>(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]));
    // Those of RFC 6455 and of IANA's registry that may be sent, and those for libraries and applications.
    const bool sendable = (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
                          (code >= 3000 && code <= 4999);
    if (!sendable) return fail(websocket_close::protocol_error, "a close code that may not be sent");
    step.code = websocket_close{static_cast<std::uint16_t>(code)};
    step.payload = payload.substr(2);
    if (utf8_prefix(step.payload) != step.payload.size())
        return fail(websocket_close::bad_text, "the reason of a close frame is not UTF-8");
    return step;
}

}  // namespace farcall::detail
