#pragma once

#include <algorithm>

#include <farcall/client/attempts.hpp>
#include <farcall/client/call_request.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/client/client_interception.hpp>
#include <farcall/detail/utf8.hpp>
#include <farcall/protocol/meta.hpp>

namespace farcall::detail {

FARCALL_DECL call_request::call_request(const call_draft& draft, text_apart* apart) : core(draft.from.core()), lent(apart) {
    rule.policy = draft.from.policy();
    if (draft.info != nullptr) {
        const method_info& declared = *draft.info;
        method = declared.wire_name;
        rule.once = declared.semantics == call_semantics::exactly_once;
        rule.hedgeable = declared.readonly;
        repeatable = declared.semantics == call_semantics::idempotent;
        plain = draft.plain_name && !rule.once && !rule.policy && draft.from.plain() && core->bare();
    } else {
        extra().method = draft.method;
    }
    if (draft.info != nullptr && draft.from.plain() && core->bare())
        apply_defaults(*draft.info);
    else
        apply(draft.from.options(), draft.info);
    encode(draft);
}

FARCALL_DECL call_request::call_request(call_request&&) noexcept = default;
FARCALL_DECL call_request::~call_request() = default;

FARCALL_DECL const boost::asio::any_io_executor& io_executor(const client_core& core) noexcept {
    return core.driver().executor();
}

FARCALL_DECL void call_request::submit(io_task& work) const { core->driver().submit(work); }

FARCALL_DECL void call_request::start(outgoing_call& call, cancel_relay* relay, bool queued) const {
    if (!queued) call.now = made;
    if (call.plain && relay == nullptr) return core->start(call);
    start_by_rule(call, relay);
}

FARCALL_DECL void call_request::encode(const call_draft& draft) {
    const bool listed = draft.form == argument_form::listed;
    params.write([&](text_buffer& text) {
        json_writer out{text};
        // A call that may be repeated, or is seen by others, has its arguments in one piece.
        if (plain && lent != nullptr) out.leave_out(*lent);
        bool good = (!listed || out.begin_array()) && draft.write(out, draft.arguments);
        if (listed) out.end_array();
        good = good && out.ok();
        if (!good) refuse(out.error());
        return good;
    });
    if (listed || failure() != nullptr) return;
    const char first = params.view().front();
    if (first == '{' || (first == '[' && draft.form == argument_form::any)) return;
    extra().failure = error{status::invalid_argument, "farcall::named takes a struct, a map or a json array or object"}
                          .with_executed(executed::no);
}

FARCALL_DECL void call_request::fill_rest(outgoing_call& call) const {
    call.wants_meta = core->watched().watch_server_time();
    if (!extras) return;
    if (!extras->headers.empty()) call.headers = &extras->headers;
    if (extras->trace.sendable()) call.trace = &extras->trace;
    call.idempotency_key = extras->idempotency_key;
    if (extras->report != nullptr) call.wants_meta = true;
    if (extras->facts) call.facts = &*extras->facts;
}

FARCALL_DECL std::chrono::steady_clock::time_point call_request::latest() const {
    if (deadline == never) return std::chrono::steady_clock::time_point::max();
    return std::chrono::steady_clock::now() + (deadline - core->time().now());
}

FARCALL_DECL void call_request::start_by_rule(outgoing_call& call, cancel_relay* relay) const {
    if (relay != nullptr && !relay->begin()) {
        const error why = cancel_relay::given_up().with_executed(executed::no);
        return call.complete({.failure = &why, .attempts = 0});
    }
    start_by(rule, call);
}

FARCALL_DECL void call_request::start_one_way(outgoing_call& call) const { start_by({}, call); }

FARCALL_DECL void call_request::start_by(const attempts_rule& how, outgoing_call& call) const {
    const auto& chain = core->options().interceptors;
    if (chain.empty()) return start_attempts(core, how, call);
    start_intercepted(core, chain, std::make_shared<attempting_channel>(core, how), call);
}

/// Why a call cannot have this key; null: it can.
inline const char* refuse_key(std::string_view key, const method_info* declared) {
    if (declared != nullptr && declared->semantics != call_semantics::exactly_once)
        return "an idempotency_key is for methods declared farcall::exactly_once, which this one is not";
    if (key.empty() || key.size() > longest_idempotency_key || utf8_prefix(key) != key.size())
        return "an idempotency_key is 1 to 256 bytes of UTF-8";
    return nullptr;
}

FARCALL_DECL void call_request::set_deadline(std::chrono::milliseconds timeout) {
    if (timeout.count() == 0) return;
    made = time_for(core->time(), timeout);
    deadline = made + std::min(timeout, core->options().limits.longest_deadline);
}

FARCALL_DECL void call_request::apply_defaults(const method_info& declared) {
    info = &declared;
    set_deadline(declared.timeout.count() != 0 ? declared.timeout : core->options().timeout);
    wait_for_ready = core->options().wait_for_ready;
}

FARCALL_DECL void call_request::apply(const call_options& options, const method_info* declared) {
    std::chrono::milliseconds timeout = core->options().timeout;
    if (declared != nullptr && declared->timeout.count() != 0) timeout = declared->timeout;
    if (options.timeout) timeout = *options.timeout;
    info = declared;
    set_deadline(timeout);
    deadline = std::min(deadline, options.latest);
    if (!options.headers.empty()) extra().headers = options.headers;
    // Without room for it the call goes on: it is the caller's headers that count.
    if (!options.request_id.empty() && !extra().headers.contains(request_id_key))
        static_cast<void>(extra().headers.try_set(request_id_key, options.request_id));
    if (!options.trace.empty()) extra().trace = options.trace;
    if (options.report != nullptr) extra().report = options.report;
    if (options.stop.stop_possible()) extra().stop = options.stop;
    wait_for_ready = options.wait_for_ready.value_or(core->options().wait_for_ready);
    if (core->watched().watch_calls()) {
        call_facts& facts = extra().facts.emplace();
        facts.began = core->time().now();
        facts.connection.peer = core->url();
    }
    if (!options.idempotency_key) return;
    if (const char* why = refuse_key(*options.idempotency_key, declared))
        extra().failure = error{status::invalid_argument, why}.with_executed(executed::no);
    else
        extra().idempotency_key = *options.idempotency_key;
    rule.once = true;
}

FARCALL_DECL void call_request::fill_report(const reply& end) const {
    call_report& report = *extras->report;
    report = {.attempts = end.attempts, .stale = end.stale};
    if (end.meta == nullptr) return;
    report.trailers = std::move(end.meta->headers);
    report.server_time = end.meta->server_time;
}

FARCALL_DECL void call_request::tell_observers(const reply& end, const error* why) const {
    const call_facts& facts = *extras->facts;
    const std::string id = facts.id != 0 ? std::to_string(facts.id) : std::string{};
    core->watched().tell(call_event{.connection = facts.connection,
                                    .method = name(),
                                    .info = info,
                                    .id = id,
                                    .request_id = facts.request_id,
                                    .traceparent = facts.traceparent,
                                    .params = params.view().substr(0, core->watched().watch_params()),
                                    .params_size = params.size(),
                                    .bytes_in = facts.bytes_in,
                                    .bytes_out = facts.bytes_out,
                                    .time = core->time().now() - facts.began,
                                    .queue = {},
                                    .server_time = end.meta != nullptr ? end.meta->server_time : std::nullopt,
                                    .attempts = end.attempts,
                                    .status = why != nullptr ? why->status() : status::ok,
                                    .failure = why});
}

FARCALL_DECL void call_request::refuse(const codec_error& why) {
    if (failure() != nullptr) return;
    extra().failure = error{status::invalid_argument, "the arguments cannot be sent: " + why.text("params")}.with_executed(
        executed::no);
}

}  // namespace farcall::detail
