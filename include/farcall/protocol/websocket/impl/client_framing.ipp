#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include <farcall/codec/base64.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/detail/sip_hash.hpp>
#include <farcall/protocol/http/response.hpp>
#include <farcall/protocol/http/target.hpp>
#include <farcall/protocol/side_message.hpp>
#include <farcall/protocol/websocket/client_framing.hpp>
#include <farcall/protocol/websocket/handshake.hpp>
#include <farcall/protocol/websocket/reader.hpp>
#include <farcall/protocol/websocket/writer.hpp>

namespace farcall::detail {

class websocket_client_framing final : public client_framing {
public:
    websocket_client_framing(const endpoint& server, const limits& bounds, random_source& random)
        : target_(server.path),
          host_(http_host(server)),
          secret_{random.next(), random.next()},
          reader_(websocket_role::client, bounds.frame) {}

    /// @see RFC 6455, section 4.1
    bool open(text_buffer& out) override {
        const bits128 bits = unforeseen();
        std::array<std::byte, 16> nonce;
        std::memcpy(nonce.data(), &bits.low, 8);
        std::memcpy(nonce.data() + 8, &bits.high, 8);
        std::string key(base64_size(nonce.size()), '\0');
        base64_encode(nonce.data(), nonce.size(), key.data());
        accept_ = websocket_accept(key);
        append_literal(out, "GET ");
        out.append(target_);
        append_literal(out, " HTTP/1.1\r\nHost: ");
        out.append(host_);
        append_literal(out,
                       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: ");
        out.append(key);
        append_literal(out, "\r\n\r\n");
        return true;
    }

    client_step next(std::string_view received, text_buffer& out) override {
        return open_ ? read_frame(received, out) : read_answer(received);
    }

    client_step last(std::string_view rest, text_buffer&) override {
        return {.what = client_step::kind::handled, .consumed = rest.size()};  // the end itself says what there is
    }

    bool end_message(text_buffer& out, std::size_t mark, std::uint64_t, const outer_fields&) override {
        if (out.size() - mark > limits::frame_ceiling) return false;
        end_websocket_frame(out, mark, mask());
        return true;
    }

    void cancel(text_buffer& out, std::size_t at) override {
        const websocket_header header = read_websocket_header(out.view().substr(at));
        char* const payload = out.data() + at + header.size;
        const std::size_t length = static_cast<std::size_t>(header.length);
        put_nothing(payload, length);
        apply_websocket_mask(payload, {payload, length}, header.mask);
    }

    bool side_messages() const noexcept override { return !finished_; }

    void ping(text_buffer& out) override { append_websocket_control(out, websocket_opcode::ping, {}, mask()); }

    void farewell(text_buffer& out) override {
        if (open_ && !finished_) say_close(out, websocket_close::normal, {});
    }

    bool finished() const noexcept override { return finished_; }

private:
    void say_close(text_buffer& out, websocket_close code, std::string_view reason) {
        finished_ = true;
        append_websocket_close(out, code, reason, mask());
    }

    /// The next of a sequence that nobody can foresee who knows what came before, as the server and whoever writes the
    /// payload do (RFC 6455, section 10.3).
    bits128 unforeseen() noexcept {
        ++drawn_;
        char counter[sizeof drawn_];
        std::memcpy(counter, &drawn_, sizeof drawn_);
        return sip_hash{secret_}({counter, sizeof counter});
    }
    std::uint32_t mask() noexcept { return static_cast<std::uint32_t>(unforeseen().low); }

    static client_step fail(status what, std::string text) {
        return {.what = client_step::kind::broken, .failure = error{what, std::move(text)}};
    }

    client_step read_answer(std::string_view received) {
        using state = http_response_reader::state;
        const state now = answer_.next(received);
        if (now == state::need_more) return {};
        if (now == state::refused)
            return fail(status::unavailable, "the server did not open a WebSocket: " + std::string{answer_.problem()});
        const http_response_head& head = answer_.head();
        if (head.status >= 100 && head.status < 200 && head.status != 101) {
            const std::size_t used = answer_.size();
            answer_.reset();
            return {.what = client_step::kind::handled, .consumed = used};
        }
        if (head.status != 101)
            return fail(status::unavailable, "the server did not open a WebSocket: " + http_status_text(head));
        if (head.find("sec-websocket-accept") != accept_ || !head.list_has("upgrade", "websocket") ||
            !head.list_has("connection", "upgrade") || head.find("sec-websocket-extensions") ||
            head.find("sec-websocket-protocol"))
            return fail(status::unavailable,
                        "the server did not open a WebSocket: its answer does not belong to this handshake "
                        "(RFC 6455, section 4.1)");
        open_ = true;
        return {.what = client_step::kind::opened, .consumed = answer_.size()};
    }

    client_step read_frame(std::string_view received, text_buffer& out) {
        websocket_step found = reader_.next(received);
        client_step step{.what = client_step::kind::handled, .consumed = found.consumed, .missing = found.missing};
        switch (found.what) {
            case websocket_step::kind::need_more: step.what = client_step::kind::need_more; break;
            case websocket_step::kind::progress:
            case websocket_step::kind::pong: break;
            case websocket_step::kind::message:
                step.what = client_step::kind::message;
                step.payload = found.payload;
                break;
            case websocket_step::kind::ping:
                // A server that sends pings and reads nothing gets no more answers than this many bytes hold.
                if (out.size() < room_for_pongs)
                    append_websocket_control(out, websocket_opcode::pong, found.payload, mask());
                break;
            case websocket_step::kind::close: return close(found, out);
            case websocket_step::kind::failed:
                say_close(out, found.code, found.reason);
                return fail(status::internal, "the server broke the WebSocket protocol: " + found.reason);
        }
        return step;
    }

    client_step close(const websocket_step& said, text_buffer& out) {
        if (!finished_) say_close(out, said.code, {});
        std::string text = "the server closed the WebSocket";
        if (said.code != websocket_close::nothing_said)
            text += " with code " + std::to_string(static_cast<unsigned>(said.code));
        if (!said.payload.empty()) text += ": " + std::string{said.payload};
        return fail(said.code == websocket_close::too_big ? status::resource_exhausted : status::unavailable,
                    std::move(text));
    }

    static constexpr std::size_t room_for_pongs = 4096;

    std::string target_;
    std::string host_;
    bits128 secret_;
    std::uint64_t drawn_ = 0;
    std::string accept_;
    http_response_reader answer_;
    websocket_reader reader_;
    bool open_ = false;
    bool finished_ = false;
};

FARCALL_DECL std::unique_ptr<client_framing> make_websocket_client_framing(const endpoint& server, const limits& bounds,
                                                                           random_source& random) {
    return std::make_unique<websocket_client_framing>(server, bounds, random);
}

}  // namespace farcall::detail
