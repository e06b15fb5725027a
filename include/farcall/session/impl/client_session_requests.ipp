#pragma once

/// @file
/// How a session puts requests into its output; what it decides of them afterwards is in client_session.ipp.

#include <algorithm>
#include <utility>

#include <farcall/protocol/message_writer.hpp>
#include <farcall/session/client_session.hpp>

namespace farcall::detail {

/// What is left until the deadline, as the peer is told: at least 1 ms, for 0 would mean that it has passed.
inline std::chrono::milliseconds time_left(time_point deadline, time_point now) {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - now), std::chrono::milliseconds{1});
}

[[gnu::noinline]] FARCALL_DECL void client_session::start_any(outgoing_call& call, text_buffer& out, time_point now,
                                                                text_apart* apart) {
    if (call.deadline <= now)
        return fail(call, error{status::deadline_exceeded, "the deadline passed before the call was sent"}.with_executed(
                              executed::no));
    const std::size_t mark = begin_message(out);
    call.first_byte = appended_;
    const bool waits = !call.one_way || keeps_one_way();
    if (waits) calls_.add(call);
    // The end of a one-way call may be that of its arguments.
    const bool large = call.params.size() >= text_apart::least || call.lent != nullptr;
    text_apart* const left_out = large && !framing_ && !call.one_way ? apart : nullptr;
    const auto append = [&](const auto* meta) {
        if (left_out != nullptr || call.lent != nullptr) {
            if (call.one_way)
                begin_notification(out, call.method, meta);
            else
                begin_request(out, call.id, call.method, meta);
            call.append_params(out, left_out);
            end_request(out);
        } else if (call.one_way) {
            append_notification(out, call.method, call.params, meta);
        } else {
            append_request(out, call.id, call.method, call.params, meta);
        }
    };
    // An attempt may be given up before the call is: what is left of the call counts for the peer.
    const time_point deadline = call.whole_deadline != never ? call.whole_deadline : call.deadline;
    const bool timed = deadline != never;
    const auto left = timed ? time_left(deadline, now) : std::chrono::milliseconds{0};
    const metadata* headers = call.headers;
    const trace_context* trace = call.trace;
    outer_fields outside;
    if (framing_) {
        if (headers != nullptr && framing_->takes_headers(*headers)) outside.headers = std::exchange(headers, nullptr);
        if (trace != nullptr && framing_->takes_trace()) outside.trace = std::exchange(trace, nullptr);
    }
    if (call.attempt > 1 || headers != nullptr || trace != nullptr || call.wants_meta || call.stamp != nullptr || !call.idempotency_key.empty()) {
        meta_view meta;
        if (timed) meta.timeout = left;
        if (call.attempt > 1) meta.attempt = call.attempt;
        if (trace != nullptr) {
            meta.traceparent = trace->traceparent;
            meta.tracestate = trace->tracestate;
        }
        meta.trailers = call.wants_meta;
        if (call.stamp != nullptr) {
            meta.session = call.stamp->session;
            meta.seq = call.stamp->seq;
            if (call.stamp->ack != nullptr) meta.ack = *call.stamp->ack;
        }
        meta.idempotency_key = call.idempotency_key;
        meta.headers = headers;
        append(&meta);
    } else {
        append(timed ? &timeout_.set(left) : nullptr);
    }
    const std::size_t beside = left_out != nullptr ? left_out->text.size() : 0;
    if (call.facts != nullptr) {
        call.facts->connection = tag_;
        call.facts->id = call.one_way ? 0 : call.id;
        call.facts->bytes_out = out.size() - mark - (framing_ ? 0 : frame_header) + beside;
        call.facts->bytes_in = 0;
        if (call.trace != nullptr) call.facts->traceparent = call.trace->traceparent;
        if (call.headers != nullptr)
            call.facts->request_id = call.headers->get(request_id_key).value_or(std::string_view{});
    }
    if (!end_message(out, mark, waits ? call.id : 0, outside, beside)) {
        out.truncate(mark);
        if (left_out != nullptr) *left_out = {};
        if (waits) calls_.take(call.id);
        return fail(call, error{status::resource_exhausted,
                                "the arguments are longer than limits::frame_ceiling (128 MiB); send less at a time"}
                              .with_executed(executed::no));
    }
    if (!waits) return end(call, {});
    if (call.one_way && call.deadline == never) call.deadline = now + longest_one_way;
    deadlines_.add(call);
}

/// @returns false if nothing was done
FARCALL_DECL bool client_session::start_plain(outgoing_call& call, text_buffer& out, time_point now) {
    calls_.add(call);
    const std::int64_t timeout =
        call.deadline != never ? time_left(call.deadline, now).count() : plain_requests::no_timeout;
    const std::size_t length = plain_.append(out, call.id, call.method, timeout, call.params);
    if (length == 0) return calls_.take(call.id), false;
    call.first_byte = appended_;
    appended_ += length;
    deadlines_.add(call);
    return true;
}

template <class Write>
void client_session::append_message(text_buffer& out, Write write) {
    const std::size_t mark = begin_message(out);
    write(out);
    static_cast<void>(end_message(out, mark, 0, {}));  // messages of our own are short
}

FARCALL_DECL std::size_t client_session::begin_message(text_buffer& out) {
    return framing_ ? out.size() : begin_frame(out);
}

FARCALL_DECL bool client_session::end_message(text_buffer& out, std::size_t mark, std::uint64_t id,
                                              const outer_fields& fields, std::size_t apart) {
    const std::size_t held_before = held();
    if (framing_ ? !framing_->end_message(out, mark, id, fields) : !end_frame(out, mark, limits::frame_ceiling, apart))
        return false;
    appended_ += out.size() - mark + apart + held() - held_before;
    return true;
}

}  // namespace farcall::detail
