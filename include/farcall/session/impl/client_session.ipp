#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <farcall/codec/codec_error.hpp>
#include <farcall/protocol/error_code.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/session/client_session.hpp>

namespace farcall::detail {

/// What is left until the deadline, as the peer is told: at least 1 ms, for 0 would mean that it has passed.
inline std::chrono::milliseconds time_left(time_point deadline, time_point now) {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - now), std::chrono::milliseconds{1});
}

FARCALL_DECL void client_session::start(outgoing_call& call, text_buffer& out, time_point now) {
    if (call.deadline <= now)
        return fail(call, error{status::deadline_exceeded, "the deadline passed before the call was sent"}.with_executed(
                              executed::no));
    const std::size_t mark = begin_frame(out);
    call.first_byte = appended_;
    if (!call.one_way) calls_.add(call);
    const auto append = [&](const auto* meta) {
        if (call.one_way)
            append_notification(out, call.method, call.params, meta);
        else
            append_request(out, call.id, call.method, call.params, meta);
    };
    const bool timed = call.deadline != never;
    if (call.attempt > 1 || call.headers != nullptr) {
        call_meta meta;
        if (timed) meta.timeout = time_left(call.deadline, now);
        if (call.attempt > 1) meta.attempt = call.attempt;
        if (call.headers != nullptr) meta.headers = *call.headers;
        append(&meta);
    } else {
        const timeout_meta meta{timed ? time_left(call.deadline, now) : std::chrono::milliseconds{0}};
        append(timed ? &meta : nullptr);
    }
    if (!end_frame(out, mark)) {
        out.truncate(mark);
        if (!call.one_way) calls_.take(call.id);
        return fail(call, error{status::resource_exhausted,
                                "the arguments are longer than limits::frame_ceiling (128 MiB); send less at a time"}
                              .with_executed(executed::no));
    }
    appended_ += out.size() - mark;
    if (call.one_way) return call.complete({});
    deadlines_.add(call);
}

FARCALL_DECL void client_session::forget(std::uint64_t id) {
    if (outgoing_call* call = calls_.take(id)) deadlines_.remove(*call);
}

FARCALL_DECL client_session::progress client_session::on_bytes(std::string_view bytes) {
    progress made;
    while (!broken_) {
        const frame_step step = frames_.next(bytes.substr(made.consumed));
        if (step.state == frame_state::need_more) {
            made.wanted = bytes.size() - made.consumed + step.missing;
            break;
        }
        if (step.state == frame_state::refused) {
            break_off("the server sent " + frames_.refusal(step));
            break;
        }
        on_message(step.payload);
        made.consumed += step.consumed;
    }
    if (broken_) made.broken = &*broken_;
    return made;
}

FARCALL_DECL void client_session::on_message(std::string_view text) {
    const reply_kind kind = reader_.read(text);
    if (kind == reply_kind::response) return on_response(text, false);
    if (kind != reply_kind::batch) return on_other(kind);
    while (reader_.next()) {
        if (reader_.kind() == reply_kind::response)
            on_response(text, true);
        else
            on_other(reader_.kind());
    }
}

FARCALL_DECL void client_session::on_other(reply_kind kind) {
    // Calls and notifications of the server that this client does not know have no meaning for it.
    if (kind == reply_kind::malformed) break_off("the server sent what is no JSON-RPC 2.0: " + reader_.problem());
}

FARCALL_DECL void client_session::on_response(std::string_view text, bool in_batch) {
    using outcome = response_view::outcome;
    const response_view& view = reader_.response();
    if (view.for_connection()) {
        if (view.says != outcome::error) return break_off("the server sent an answer without an id");
        // The server could not read something of ours, and nobody can tell which call is concerned; or it has refused
        // the whole connection, and says that nothing ran.
        broken_ = to_error(view.error);
        if (broken_->status() != status::resource_exhausted) broken_ = broken_->with_executed(executed::unknown);
        return;
    }
    if (!view.numbered) return;
    outgoing_call* call = calls_.take(view.number);
    if (call == nullptr) return;  // answered, given up or expired before
    deadlines_.remove(*call);
    if (view.says == outcome::error) return fail(*call, to_error(view.error));
    if (view.says == outcome::malformed)
        return fail(*call, error{status::internal, "the server's answer is malformed: " + reader_.problem()});
    call->complete({.result = view.result,
                    .message = view.result_checked || in_batch ? std::string_view{} : text,
                    .depth = limits_.depth});
}

FARCALL_DECL void client_session::expire(time_point now) {
    while (deadline_entry* entry = deadlines_.take_expired(now)) {
        auto& call = static_cast<outgoing_call&>(*entry);
        calls_.take(call.id);
        fail(call, error{status::deadline_exceeded, "no answer came before the deadline; the call may still run"}
                       .with_executed(executed::unknown));
    }
}

FARCALL_DECL void client_session::lose(const error& why, std::uint64_t written) {
    while (outgoing_call* call = calls_.take_any()) {
        deadlines_.remove(*call);
        fail(*call, why.with_executed(call->first_byte >= written || why.executed() == executed::no ? executed::no
                                                                                                 : executed::unknown));
    }
}

FARCALL_DECL void client_session::abandon() {
    while (outgoing_call* call = calls_.take_any()) {
        deadlines_.remove(*call);
        call->abandon();
    }
}

FARCALL_DECL void client_session::fail(outgoing_call& call, const error& why) { call.complete({.failure = &why}); }

FARCALL_DECL void client_session::break_off(std::string message) {
    broken_ = error{status::internal, std::move(message)};
}

}  // namespace farcall::detail
