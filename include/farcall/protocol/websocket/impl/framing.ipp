#pragma once

#include <utility>

#include <farcall/protocol/websocket/framing.hpp>
#include <farcall/protocol/websocket/reader.hpp>
#include <farcall/protocol/websocket/writer.hpp>

namespace farcall::detail {

class websocket_framing final : public framing {
public:
    explicit websocket_framing(const limits& bounds) noexcept : reader_(websocket_role::server, bounds.frame) {}

    framing_step next(std::string_view received, text_buffer& out) override {
        using kind = framing_step::kind;
        const websocket_step found = reader_.next(received);
        framing_step step;
        step.consumed = found.consumed;
        step.missing = found.missing;
        switch (found.what) {
            case websocket_step::kind::need_more: break;
            case websocket_step::kind::progress: step.what = kind::progress; break;
            case websocket_step::kind::message:
                step.what = kind::message;
                step.payload = found.payload;
                break;
            case websocket_step::kind::ping:
                append_websocket_control(out, websocket_opcode::pong, found.payload);
                step.what = kind::handled;
                break;
            case websocket_step::kind::pong: step.what = kind::handled; break;
            case websocket_step::kind::close:
                say_close(out, found.code, {});
                step.what = kind::close;
                break;
            case websocket_step::kind::failed:
                say_close(out, found.code, found.reason);
                step.what = kind::close;
                step.limit = limit_named_in(found.reason);
                break;
        }
        return step;
    }

    bool end_message(text_buffer& out, std::size_t mark) override {
        // Nothing follows a close frame, so an answer that comes too late is dropped.
        if (close_said_) {
            out.truncate(mark);
        } else {
            end_websocket_frame(out, mark);
        }
        return true;
    }

    /// Who ends without a close frame has gone away (RFC 6455, section 7.1.5).
    bool answers_after_end() const noexcept override { return false; }

    void farewell(text_buffer& out) override {
        if (!close_said_) say_close(out, websocket_close::going_away, {});
    }

    std::size_t held() const noexcept override { return reader_.held(); }

private:
    void say_close(text_buffer& out, websocket_close code, std::string_view reason) {
        close_said_ = true;
        append_websocket_close(out, code, reason);
    }

    websocket_reader reader_;
    bool close_said_ = false;
};

FARCALL_DECL std::unique_ptr<framing> make_websocket_framing(const limits& bounds) {
    return std::make_unique<websocket_framing>(bounds);
}

}  // namespace farcall::detail
