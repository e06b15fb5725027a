#pragma once

#include <farcall/observe/call_log.hpp>
#include <farcall/observe/log_events.hpp>

namespace farcall {

FARCALL_DECL void log_events::connection_up(const connection_event& event) const {
    log_.write_limited(log_level::debug, "connection up", [&](log_line& line) { detail::print(line, event.connection); });
}

FARCALL_DECL void log_events::connection_down(const connection_event& event) const {
    const auto fill = [&](log_line& line) {
        detail::print(line, event.connection);
        line.field_if("reason", event.reason);
    };
    if (event.reason.empty())
        log_.write_limited(log_level::debug, "connection down", fill);
    else
        log_.write_limited(log_level::info, "connection lost", fill);
}

FARCALL_DECL void log_events::connect_failed(const connect_failure_event& event) const {
    log_.write_limited(log_level::warning, "connect failed", [&](log_line& line) {
        line.field("side", to_string(call_side::client))
            .field("peer", event.server)
            .field("reason", event.reason)
            .field("pause_ms", event.pause.count());
    });
}

FARCALL_DECL void log_events::lifecycle(const lifecycle_event& event) const {
    log_.write(log_level::info, event.phase, [&](log_line& line) {
        line.field("side", to_string(call_side::server)).field_if("url", event.where);
        if (event.phase == "draining") line.field("connections", event.connections);
    });
    if (event.phase == "stopped") log_.flush();
}

FARCALL_DECL void log_events::call_ended(const call_event& event) const {
    const auto fill = [&](log_line& line) { print(line, event); };
    if (event.status != status::ok) return log_.write_limited(detail::level_of(event.status), "call failed", fill);
    if (options_.slow.count() > 0 && event.time >= options_.slow)
        return log_.write_limited(log_level::warning, "call slow", fill);
    log_.write(options_.answered, "call", fill);
}

FARCALL_DECL void log_events::print(log_line& line, const call_event& event) const {
    line.field("method", event.method).field_if("id", event.id).field("status", to_string(event.status)).field("us", event.time);
    if (event.connection.side == call_side::server) line.field("queue_us", event.queue);
    line.field("bytes_in", event.bytes_in).field("bytes_out", event.bytes_out);
    if (event.attempts != 1) line.field("attempts", event.attempts);
    detail::print(line, event.connection);
    line.field_if("request_id", event.request_id).field_if("traceparent", event.traceparent);
    if (event.failure != nullptr) detail::print(line, *event.failure);
    detail::print_params(line, event.method, event.params, options_.params, options_.redact);
}

FARCALL_DECL void log_events::retry(const retry_event& event) const {
    log_.write_limited(log_level::info, "retry", [&](log_line& line) {
        line.field("side", to_string(call_side::client))
            .field("method", event.method)
            .field("attempt", event.attempt)
            .field("pause_ms", event.pause.count())
            .field("status", to_string(event.failure->status()));
        detail::print(line, *event.failure);
    });
}

FARCALL_DECL void log_events::hedge(const hedge_event& event) const {
    log_.write_limited(log_level::debug, "hedge", [&](log_line& line) {
        line.field("side", to_string(call_side::client)).field("method", event.method).field("attempt", event.attempt);
    });
}

FARCALL_DECL void log_events::goaway(const goaway_event& event) const {
    log_.write_limited(log_level::info, "goaway", [&](log_line& line) { detail::print(line, event.connection); });
}

FARCALL_DECL void log_events::drop(const drop_event& event) const {
    log_.write_limited(log_level::debug, "drop", [&](log_line& line) {
        line.field("what", event.what).field_if("which", event.which);
        detail::print(line, event.connection);
    });
}

FARCALL_DECL void log_events::limit_hit(const limit_event& event) const {
    log_.write_limited(log_level::warning, "limit hit", [&](log_line& line) {
        line.field("limit", event.limit);
        detail::print(line, event.connection);
    });
}

}  // namespace farcall
