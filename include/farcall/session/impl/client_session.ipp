#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <farcall/codec/codec_error.hpp>
#include <farcall/codec/json.hpp>
#include <farcall/detail/error_code.hpp>
#include <farcall/detail/mutant.hpp>
#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/side_message.hpp>
#include <farcall/session/client_session.hpp>

namespace farcall::detail {

FARCALL_DECL bool client_session::open(text_buffer& out) {
    if (!framing_) return true;
    const std::size_t before = out.size();
    const bool asks = framing_->open(out);
    appended_ += out.size() - before;
    return !asks;
}

FARCALL_DECL void client_session::cancel(outgoing_call& call, const error& why, text_buffer& out) {
    if (calls_.take(call.id) != &call) return;
    deadlines_.remove(call);
    if (FARCALL_MUTANT(cancel_ends_nothing)) return;
    fail(call, why.with_executed(take_back(call, out)));
}

FARCALL_DECL executed client_session::take_back(const outgoing_call& call, text_buffer& out) {
    const std::uint64_t sent = appended_ - out.size() - held();
    if (framing_) {
        const bool finished = framing_->finished();
        if (call.first_byte >= sent)
            framing_->cancel(out, static_cast<std::size_t>(call.first_byte - sent));
        else
            framing_->give_up(call.id);
        spoilt_ = spoilt_ || (!finished && framing_->finished());
        going_away_ = going_away_ || spoilt_;
        if (call.first_byte >= sent) return executed::no;
    }
    if (call.first_byte >= sent) {
        // Nothing of it has left, and whole frames lie here: what follows keeps its place if a message without a
        // meaning takes this one's. It is shorter than any call, and blanks are nothing in JSON.
        char* const at = out.data() + (call.first_byte - sent);
        const std::size_t length = frame_length(at);
        if (FARCALL_MUTANT(taken_back_calls_are_sent)) return executed::no;
        put_nothing(at + frame_header, length);
        return executed::no;
    }
    if (!call.keep_running && side_messages()) append_message(out, [&](text_buffer& to) { append_cancel(to, call.id); });
    return executed::unknown;
}

FARCALL_DECL void client_session::ping(text_buffer& out) {
    if (!framing_) return append_message(out, [&](text_buffer& to) { append_ping(to, ++pings_); });
    const std::size_t before = out.size();
    framing_->ping(out);
    appended_ += out.size() - before;
}

FARCALL_DECL client_session::progress client_session::on_bytes(std::string_view bytes, text_buffer& out) {
    progress made = framing_ ? read_framed(bytes, out) : read_native(bytes);
    if (broken_) made.broken = &*broken_;
    // The last of several says all that they ask.
    if (const auto number = std::exchange(pong_, {}); number && side_messages() && out.size() < room_for_pongs)
        append_message(out, [&](text_buffer& to) { append_pong(to, *number); });
    return made;
}

FARCALL_DECL client_session::progress client_session::read_native(std::string_view bytes) {
    progress made;
    while (!broken_) {
        const frame_step step = frames_.next(bytes.substr(made.consumed));
        if (step.state == frame_state::need_more) {
            made.wanted = bytes.size() - made.consumed + step.missing;
            if (step.length >= arriving_text::least)
                look_ahead(bytes.substr(made.consumed + frame_header), step.length);
            break;
        }
        if (step.state == frame_state::refused) {
            if (watched_ != nullptr) watched_->tell(limit_event{tag_, "frame"});
            break_off("the server sent " + frames_.refusal(step));
            break;
        }
        const arriving_text_scope handled{arriving_};
        if (arriving_ != nullptr && arriving_->begun()) look_ahead(step.payload, step.length);
        on_message(step.payload);
        made.consumed += step.consumed;
    }
    return made;
}

/// Looks at what has come of a long message.
[[gnu::noinline]] FARCALL_DECL void client_session::look_ahead(std::string_view front, std::size_t length) {
    if (arriving_ == nullptr) arriving_ = std::make_unique<arriving_text>();
    arriving_->look(front, length);
}

FARCALL_DECL client_session::progress client_session::read_framed(std::string_view bytes, text_buffer& out) {
    progress made;
    while (!broken_ && made.consumed != bytes.size()) {
        const std::size_t before = out.size() + held();
        const client_step step = framing_->next(bytes.substr(made.consumed), out);
        appended_ += out.size() + held() - before;
        if (step.what == client_step::kind::need_more) {
            if (step.missing != 0) made.wanted = bytes.size() - made.consumed + step.missing;
            break;
        }
        take_step(step, made);
        made.consumed += step.consumed;
    }
    return made;
}

FARCALL_DECL client_session::progress client_session::on_end(std::string_view rest, text_buffer& out) {
    progress made;
    if (!framing_ || broken_) return made;
    take_step(framing_->last(rest, out), made);
    if (broken_) made.broken = &*broken_;
    return made;
}

FARCALL_DECL void client_session::take_step(const client_step& step, progress& made) {
    using kind = client_step::kind;
    going_away_ = going_away_ || framing_->finished();
    if (step.what == kind::opened) made.opened = true;
    if (step.what == kind::broken) {
        broken_ = step.failure;
        made.last_words = true;
    }
    if (step.what == kind::message) on_message(step.payload);
    if (step.id == 0) return;
    // A protocol that says which call is answered has no other answer for it, and what is wrong with one concerns no other.
    const std::optional<error> problem = std::exchange(broken_, {});
    outgoing_call* call = calls_.take(step.id);
    if (call == nullptr) return;
    deadlines_.remove(*call);
    if (call->one_way) return end(*call, {});
    if (step.what == kind::unanswered) return fail(*call, step.failure);
    fail(*call, problem ? *problem : error{status::internal, "the server answered something else than what it was asked"});
}

FARCALL_DECL outgoing_call* client_session::take_unsent() {
    if (!framing_ || !framing_->finished()) return nullptr;
    outgoing_call* call = nullptr;
    const std::size_t before = held();
    while (const std::uint64_t id = framing_->take_held())
        if ((call = calls_.take(id)) != nullptr) break;  // others were given up
    appended_ -= before - held();
    if (call != nullptr) deadlines_.remove(*call);
    return call;
}

FARCALL_DECL bool client_session::farewell(text_buffer& out) {
    if (!framing_) return false;
    const std::size_t before = out.size();
    framing_->farewell(out);
    appended_ += out.size() - before;
    return out.size() != before;
}

FARCALL_DECL void client_session::on_message(std::string_view text) {
    if (!reader_.read_own(text)) return on_any_message(text);
    const response_view& view = reader_.response();
    outgoing_call* const call = calls_.take(view.number);
    if (call == nullptr) return drop_late(view.number);
    deadlines_.remove(*call);
    if (!call->plain) return complete(*call, text, false);
    end(*call, {.result = view.result, .message = text, .arriving = arriving_.get(), .depth = limits_.depth});
}

[[gnu::noinline]] FARCALL_DECL void client_session::on_any_message(std::string_view text) {
    const reply_kind kind = reader_.read_checked(text);
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
    if (kind == reply_kind::malformed)
        return break_off("the server sent what is no JSON-RPC 2.0: " + reader_.problem());
    const request_view& said = reader_.call();
    // Of what a server calls only these have a meaning for a client; a pong has had its effect by having come.
    if (!said.notification()) return drop("call of the server's", said.method);
    if (said.method == goaway_name) return on_goaway(said.params);
    if (said.method == ping_name) pong_ = read_ping(said.params);
    if (reserved_name(said.method)) return;
    if (told_ == nullptr || !*told_) return drop("notification", said.method);
    (*told_)(said.method, json::parse(said.params).value_or(json{}));
}

FARCALL_DECL void client_session::on_goaway(std::string_view params) {
    going_away_ = true;
    if (watched_ != nullptr) watched_->tell(goaway_event{tag_});
    const std::optional<std::uint64_t> last = read_goaway(params);
    if (!last) return;  // any call may have been taken, and will be answered or lost
    const error why = error{status::unavailable, "the server is stopping and has not taken the call"}.with_executed(
        executed::no);
    while (outgoing_call* call = calls_.take_after(*last - (FARCALL_MUTANT(goaway_id_off_by_one) ? 1 : 0))) {
        deadlines_.remove(*call);
        fail(*call, why);
    }
}

FARCALL_DECL void client_session::on_response(std::string_view text, bool in_batch) {
    const response_view& view = reader_.response();
    if (view.for_connection()) {
        if (view.says != response_view::outcome::error) return break_off("the server sent an answer without an id");
        // The server could not read something of ours, and nobody can tell which call is concerned; or it has refused
        // the whole connection, and says that nothing ran.
        broken_ = to_error(view.error);
        if (broken_->status() != status::resource_exhausted) broken_ = broken_->with_executed(executed::unknown);
        return;
    }
    if (!view.numbered) return drop("answer", view.id);
    outgoing_call* call = calls_.take(view.number);
    // Answered, given up or expired before.
    if (call == nullptr) return drop_late(view.number);
    deadlines_.remove(*call);
    complete(*call, text, in_batch);
}

[[gnu::noinline]] FARCALL_DECL void client_session::complete(outgoing_call& call, std::string_view text, bool in_batch) {
    using outcome = response_view::outcome;
    const response_view& view = reader_.response();
    if (call.facts != nullptr) {
        // Another attempt may have been sent after this one.
        call.facts->connection = tag_;
        call.facts->id = call.id;
        call.facts->bytes_in = in_batch ? view.result.size() : text.size();
    }
    if (call.wants_meta) return end_with_meta(call, text, in_batch);
    if (view.says == outcome::error) return fail(call, to_error(view.error));
    if (view.says == outcome::malformed) return fail(call, malformed_answer());
    end(call, {.result = view.result,
                .message = view.result_checked || in_batch ? std::string_view{} : text,
                .arriving = arriving_.get(),
                .depth = limits_.depth});
}

FARCALL_DECL void client_session::end_with_meta(outgoing_call& call, std::string_view text, bool in_batch) {
    using outcome = response_view::outcome;
    const response_view& view = reader_.response();
    if (!view.result_checked && !in_batch && reader_.read_checked(text) != reply_kind::response)
        return fail(call, malformed_answer());
    reply_meta said = read_reply_meta(view.meta);
    if (view.says == outcome::result)
        return end(call, {.result = view.result, .depth = limits_.depth, .meta = &said});
    const error why = view.says == outcome::error ? to_error(view.error) : malformed_answer();
    end(call, {.failure = &why, .meta = &said});
}

FARCALL_DECL error client_session::malformed_answer() const {
    return error{status::internal, "the server's answer is malformed: " + reader_.problem()};
}

FARCALL_DECL void client_session::expire(time_point now, text_buffer& out) {
    while (deadline_entry* entry = deadlines_.take_expired(now)) {
        auto& call = static_cast<outgoing_call&>(*entry);
        calls_.take(call.id);
        const executed ran = take_back(call, out);
        fail(call, error{status::deadline_exceeded, ran == executed::no
                                                        ? "the deadline passed before the call was sent"
                                                        : "no answer came before the deadline; the call may still run"}
                       .with_executed(FARCALL_MUTANT(late_is_told_as_not_executed) ? executed::no : ran));
    }
}

FARCALL_DECL void client_session::lose(const error& why, std::uint64_t written) {
    while (outgoing_call* call = calls_.take_any()) {
        deadlines_.remove(*call);
        const bool ran_not = call->first_byte >= written || why.executed() == executed::no ||
                             FARCALL_MUTANT(lost_is_told_as_not_executed);
        fail(*call, why.with_executed(ran_not ? executed::no : executed::unknown));
    }
}

FARCALL_DECL void client_session::abandon() {
    while (outgoing_call* call = calls_.take_any()) {
        deadlines_.remove(*call);
        call->holder = nullptr;
        call->abandon();
    }
}

FARCALL_DECL void client_session::end(outgoing_call& call, const reply& how) {
    call.holder = nullptr;
    call.complete(how);
}

FARCALL_DECL void client_session::break_off(std::string message) {
    broken_ = error{status::internal, std::move(message)};
}

}  // namespace farcall::detail
