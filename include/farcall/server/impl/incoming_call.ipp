#pragma once

#include <cstdlib>

#include <farcall/codec/scan.hpp>
#include <farcall/detail/mutant.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/server/server_interception.hpp>

namespace farcall::detail {

/// A path such as "[1].lines[3].price" as JSON Pointer (RFC 6901): "/1/lines/3/price".
inline std::string json_pointer(std::string_view path) {
    std::string made;
    for (std::size_t at = 0; at < path.size();) {
        made += '/';
        std::size_t end;
        if (path[at] == '[' && at + 1 < path.size() && path[at + 1] == '"') {
            end = path.find("\"]", at + 2);
            if (end == std::string_view::npos) end = path.size();
            at += 2;
        } else if (path[at] == '[') {
            end = std::min(path.find(']', at), path.size());
            ++at;
        } else {
            end = std::min(path.find_first_of(".[", at), path.size());
        }
        for (const char c : path.substr(at, end - at)) {
            if (c == '~')
                made += "~0";
            else if (c == '/')
                made += "~1";
            else
                made += c;
        }
        at = end;
        while (at < path.size() && (path[at] == ']' || path[at] == '"' || path[at] == '.')) ++at;
    }
    return made;
}

FARCALL_DECL const method_info& incoming_call::method() const noexcept { return *account_.method->info; }

FARCALL_DECL std::size_t incoming_call::params_depth() const noexcept {
    // The message itself is one level.
    const std::size_t depth = connection_.shared().options.limits.depth;
    return depth == 0 ? 0 : depth - 1;
}

FARCALL_DECL arriving_text* incoming_call::arriving() const noexcept { return connection_.arriving(); }

FARCALL_DECL void incoming_call::fail(const error& why) { route().fail(why); }

FARCALL_DECL bool incoming_call::check_params() {
    if (request_->params_checked) return true;
    request_reader& reader = connection_.reader();
    if (reader.read_checked(text_) == message_kind::refused) {
        connection_.refuse(batch_.get(), account_);
        refuse_run();
        return false;
    }
    request_ = &reader.request();
    if (read_meta()) return true;
    refuse_run();
    return false;
}

FARCALL_DECL void incoming_call::refuse_run() {
    if (run_) run_->end(error{status::invalid_argument, "the message is no request"}.with_executed(executed::no));
}

FARCALL_DECL bool incoming_call::admit_recorded() {
    if (batch_ && batch_->form == dialect::envelope) return admit_enveloped();
    if (!said_ || !wants_record(*said_)) return true;
    if (const auto wrong = misnamed(method(), *said_)) {
        fail(*wrong);
        return false;
    }
    const call_identity call = identity_of(account_.method->name_hash, request_->params, *said_, principal());
    recorder::admitted made;
    try {
        made = connection_.shared().recorded.admit(call, connection_.arrived());
    } catch (const error& why) {
        fail(why.with_executed(executed::no));
        return false;
    }
    return follow(std::move(made), *said_);
}

FARCALL_DECL bool incoming_call::admit_enveloped() {
    // Whoever asks twice under the same request_id gets the first answer; the ids are those of one host.
    server_shared& shared = connection_.shared();
    std::string key{host_of(connection_.accepted_from())};
    key += ' ' + batch_->id;
    if (batch_->id.empty() || key.size() > longest_idempotency_key || method().readonly) return true;
    meta_view named;
    named.idempotency_key = key;
    const bool promised = method().semantics == call_semantics::exactly_once;
    recorder::admitted made;
    try {
        const call_identity call = identity_of(account_.method->name_hash, request_->params, named, principal());
        made = (promised ? shared.recorded : shared.kept_answers).admit(call, connection_.arrived());
    } catch (const error& why) {
        if (!promised) return true;
        fail(why.with_executed(executed::no));
        return false;
    }
    // Without room for one more, or where two clients count alike, a method that promises nothing runs all the same.
    const verdict found = made.found.verdict;
    if (!promised && (found == verdict::full || found == verdict::conflict)) return true;
    return follow(std::move(made), named);
}

FARCALL_DECL bool incoming_call::follow(recorder::admitted made, const meta_view& name) {
    switch (made.found.verdict) {
        case verdict::run: run_ = run_owner{std::move(made.run)}; return true;
        case verdict::replay:
            if (FARCALL_MUTANT(replays_run)) return true;
            route().replay(made.found.reply);
            return false;
        case verdict::running:
            if (made.run) {
                if (const deferred_pointer attempt = defer(false)) attempt->join(std::move(made.run), name.attempt > 1);
                return false;
            }
            break;
        default: break;
    }
    const bool enveloped = batch_ && batch_->form == dialect::envelope;
    fail(not_admitted(made.found, name, enveloped ? "request_id" : "idempotency_key"));
    return false;
}

FARCALL_DECL void incoming_call::fail_arguments(const argument_failure& why) {
    const method_info& info = method();
    error::details texts;
    if (!why.message.empty()) {
        texts.message = std::string{info.wire_name} + ' ' + why.message;
    } else {
        const std::string& path = why.decoding.path;
        texts.path = json_pointer(path);
        texts.message = why.decoding.text("params") + " (";
        const std::size_t index = path.starts_with('[') ? std::strtoul(path.c_str() + 1, nullptr, 10) : 0;
        if (path.starts_with('[') && index < info.parameters.size() && !info.parameters[index].empty())
            texts.message += "argument \"" + std::string{info.parameters[index]} + "\" of ";
        texts.message += std::string{info.wire_name} + ": " + std::string{info.signature} + ')';
    }
    fail(error{status::invalid_argument, std::move(texts)}.with_executed(executed::no));
}

inline bool incoming_call::read_meta() {
    // What most calls say was read with the message, if the protocol says nothing beside it.
    if (request_->timeout_ms < 0 || connection_.around() != nullptr) return read_other_meta();
    timeout_ = std::chrono::milliseconds{request_->timeout_ms};
    return true;
}

FARCALL_DECL bool incoming_call::read_other_meta() {
    const call_meta* const around = connection_.around();
    if (around == nullptr) {
        if (request_->meta.empty()) return true;
        std::chrono::milliseconds left{};
        if (read_timeout_meta(request_->meta, left)) {
            timeout_ = left;
            return true;
        }
        if (read_own_meta(request_->meta, said_.emplace()) == request_->meta.size()) return understand_meta();
    }
    std::string problem;
    if (!detail::read_meta(request_->meta, meta_.emplace(), problem)) {
        // Whether it is JSON at all comes first; a reading in full comes back here.
        if (!request_->params_checked) return check_params();
        account_.refused = true;
        connection_.replies().refuse({code_invalid_request, notification() ? "null" : request_->id, std::move(problem)},
                           batch_.get());
        return false;
    }
    if (around != nullptr) meta_->add(*around);
    said_ = view_of(*meta_);
    return understand_meta();
}

FARCALL_DECL bool incoming_call::understand_meta() {
    timeout_ = said_->timeout;
    account_.repeated = said_->attempt > 1;
    if (account_.seen) see_meta();
    // A dialect's answer has its own form.
    if (said_->trailers && (!batch_ || batch_->form == dialect::none)) asked_ = {.arrived = connection_.arrived()};
    return true;
}

FARCALL_DECL void incoming_call::see_meta() {
    call_details& seen = *account_.seen;
    seen.attempt = said_->attempt > 1 ? said_->attempt : 1;
    seen.traceparent = said_->traceparent;
    if (meta_) seen.request_id = meta_->headers.get(request_id_key).value_or(std::string_view{});
}

inline time_point incoming_call::deadline() const {
    if (chain_ != nullptr) return chain_->call().deadline;
    if (!timeout_) return never;
    return connection_.arrived() + std::min(*timeout_, connection_.shared().options.limits.longest_deadline);
}

inline bool incoming_call::refuse_if_late() {
    if (!timeout_ || connection_.turn() < deadline() || FARCALL_MUTANT(expired_work_starts)) [[likely]] return false;
    refuse_late();
    return true;
}

FARCALL_DECL void incoming_call::refuse_late() {
    account_.late = true;
    fail(late_error());
}

FARCALL_DECL farcall::context incoming_call::make_context() { return make_context(connection_.stop()); }

/// The name of the request in which an envelope came: a JSON text, as the caller wrote it.
inline void add_request_id(metadata& headers, std::string_view json) {
    if (json.empty() || headers.contains(request_id_key)) return;
    std::string scratch;
    // What cannot travel as a header's value names no request.
    static_cast<void>(headers.try_set(request_id_key, json.front() == '"' ? scan_unescape(json, scratch) : json));
}

FARCALL_DECL const std::string& incoming_call::principal() const noexcept {
    return chain_ != nullptr ? chain_->call().principal : connection_.peer()->principal;
}

FARCALL_DECL incoming_call::incoming_call(server_connection& connection, const request_view& request,
                                          const std::shared_ptr<reply_batch>& batch, call_account& account,
                                          server_interception& chain)
    : connection_(connection),
      request_(&request),
      batch_(batch),
      account_(account),
      said_(view_of(chain.meta())),
      asked_(asked_notes{}),  // interceptors see what there is beside the answer, whoever asked
      chain_(&chain) {}

FARCALL_DECL intercepted_call incoming_call::show() {
    const method_info* const info = account_.method != nullptr ? account_.method->info : nullptr;
    // By an alias, no method is to slip by whoever knows it by its name.
    intercepted_call shown{call_side::server, std::string{info != nullptr ? info->wire_name : request_->method}, info,
                           *connection_.shared().time};
    shown.params = request_->params;
    if (meta_) shown.headers = std::move(meta_->headers);
    if (batch_ && batch_->form == dialect::envelope) add_request_id(shown.headers, batch_->id);
    if (said_) shown.trace = {std::string{said_->traceparent}, std::string{said_->tracestate}};
    shown.deadline = deadline();
    shown.attempt = said_ && said_->attempt != 0 ? said_->attempt : 1;
    shown.one_way = notification();
    shown.id = request_->id;
    shown.peer = connection_.peer();
    shown.principal = shown.peer->principal;
    shown.stop = connection_.stop();
    return shown;
}

FARCALL_DECL call_meta incoming_call::take_meta() {
    if (meta_) return std::move(*meta_);
    call_meta taken;
    taken.timeout = timeout_;
    if (!said_) return taken;
    // What our clients write, which is recognised without being read in full.
    taken.attempt = said_->attempt;
    taken.session = said_->session;
    taken.seq = said_->seq;
    taken.ack = said_->ack;
    return taken;
}

FARCALL_DECL farcall::context incoming_call::make_context(std::stop_token stop) {
    if (chain_ != nullptr) {
        const intercepted_call& seen = chain_->call();
        return {method(),     seen.peer,       seen.deadline, seen.headers,
                seen.attempt, std::move(stop), seen.trace,    seen.principal};
    }
    trace_context trace;
    if (said_) trace = {std::string{said_->traceparent}, std::string{said_->tracestate}};
    metadata headers;
    if (meta_) headers = std::move(meta_->headers);
    if (batch_ && batch_->form == dialect::envelope) add_request_id(headers, batch_->id);
    return {method(),
            connection_.peer(),
            deadline(),
            std::move(headers),
            said_ && said_->attempt != 0 ? said_->attempt : 1,
            std::move(stop),
            std::move(trace)};
}

FARCALL_DECL deferred_pointer incoming_call::defer(bool stoppable) {
    if (chain_ != nullptr ? !chain_->defer() : !connection_.may_enter()) {
        connection_.limit_hit(limit_name::in_flight);
        fail(too_many_error(connection_));
        return nullptr;
    }
    deferred_ = true;
    std::stop_source stop{std::nostopstate};
    if (stoppable) stop = std::stop_source{};
    auto context = make_context(stop.get_token());
    deferred_pointer made;
    if (chain_ != nullptr)
        made = new deferred_call{std::static_pointer_cast<server_interception>(chain_->shared_from_this()),
                                 connection_.shared_from_this(), request_->id, account_, std::move(context),
                                 std::move(stop)};
    else
        made = new deferred_call{connection_.shared_from_this(), request_->id, batch_, account_, std::move(context),
                                 std::move(stop)};
    if (asked_) made->asked(asked_->arrived);
    if (run_) made->carry(std::move(run_));
    return made;
}

FARCALL_DECL const boost::asio::any_io_executor& incoming_call::executor() const noexcept {
    return connection_.executor();
}

FARCALL_DECL bool incoming_call::expose_exceptions() const noexcept {
    return connection_.shared().options.expose_exceptions;
}

FARCALL_DECL bool incoming_call::run_on_worker(const deferred_pointer& call, std::function<void()> job) {
    call->await_thread();
    const bool taken = connection_.shared().workers.submit(std::move(job));
    if (!taken) connection_.limit_hit(limit_name::worker_queue);
    return taken;
}

}  // namespace farcall::detail
