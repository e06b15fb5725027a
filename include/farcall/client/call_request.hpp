#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/call_options.hpp>
#include <farcall/client/attempts.hpp>
#include <farcall/client/call_payload.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/codec/codecs.hpp>
#include <farcall/error.hpp>
#include <farcall/method.hpp>
#include <farcall/protocol/plain_request.hpp>
#include <farcall/result.hpp>
#include <farcall/service/encode_arguments.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// What few calls have: kept apart, so that the others do not pay for moving it.
struct call_extras {
    std::string method{};           ///< where the caller named it itself; empty: a constant is in the request
    metadata headers{};
    trace_context trace{};
    std::string idempotency_key{};  ///< empty: none
    call_report* report = nullptr;  ///< null: nobody wants to know
    std::optional<call_facts> facts{};  ///< if somebody watches calls
    std::stop_token stop{};
    std::optional<error> failure{};  ///< the call cannot be made: the arguments could not be encoded, for example
};

/// Everything of a call before it starts: where, what, and by which rules.
struct call_request {
    std::shared_ptr<client_core> core;
    attempts_rule rule;
    std::string_view method;            ///< a constant; empty: see `extras`
    call_payload params;
    std::unique_ptr<call_extras> extras;  ///< null: none of them
    const method_info* info = nullptr;  ///< of the declaration; null: it is called by name
    time_point made = never;  ///< when the deadline was set; `never`: there is none, or that was long ago
    time_point deadline = never;
    bool wait_for_ready = false;
    bool repeatable = false;
    /// Where a large argument may be left out of `params`, because the arguments stay until the call has ended; null: no.
    text_apart* lent = nullptr;
    bool plain = false;  ///< as `outgoing_call::plain`, as long as there are no extras

    /// The method's name on the wire.
    std::string_view name() const noexcept { return method.empty() && extras ? std::string_view{extras->method} : method; }

    /// Why the call cannot be made; null: it can.
    const error* failure() const noexcept { return extras && extras->failure ? &*extras->failure : nullptr; }
    /// Whether something but its deadline may give the call up.
    bool stoppable() const noexcept { return extras && extras->stop.stop_possible(); }

    /// Made with the first use.
    call_extras& extra() {
        if (!extras) extras = std::make_unique<call_extras>();
        return *extras;
    }

    /// When a thread gives up waiting for an event loop that nobody runs: the deadline on the system's clock.
    FARCALL_DECL std::chrono::steady_clock::time_point latest() const;

    /// Copies what the channel needs into `call`, which refers to this.
    void fill(outgoing_call& call) const {
        call.method = name();
        call.info = info;
        call.params = params.view();
        if (lent != nullptr && !lent->text.empty()) call.lent = lent;
        call.deadline = deadline;
        call.wait_for_ready = wait_for_ready;
        call.repeatable = repeatable;
        call.plain = plain && !extras;
        if (!call.plain) fill_rest(call);
    }
    /// On the I/O thread: makes the call, or ends it at once where it was given up before.
    /// @param relay   null: the call cannot be given up
    /// @param queued  whether time has passed since the request was made
    void start(outgoing_call& call, cancel_relay* relay, bool queued) const {
        if (!queued) call.now = made;
        if (call.plain && relay == nullptr) return core->start(call);
        start_by_rule(call, relay);
    }
    /// The same of a call that nobody waits for: there is one attempt.
    FARCALL_DECL void start_one_way(outgoing_call& call) const;

    /// The call has ended so: tells it to whoever wants to know, before the caller.
    void tell(const reply& end) const {
        if (extras && extras->report != nullptr) fill_report(end);
    }
    /// @{ The same, after the answer was read, to those who watch.
    void ended(const reply& end, const error* why) const {
        if (watched()) tell_observers(end, why);
    }
    template <class R>
    void ended(const reply& end, const result<R>& outcome) const {
        if (!watched()) return;
        if (outcome) return tell_observers(end, nullptr);
        const error why = outcome.error();
        tell_observers(end, &why);
    }
    /// @}

    /// Takes over what the call's own options, the declaration and the client's options say, in this order.
    /// @param declared  of the method; null: it was not declared here
    FARCALL_DECL void apply(const call_options& options, const method_info* declared);
    /// The same where the call's own options say nothing, and nobody sees the client's calls.
    FARCALL_DECL void apply_defaults(const method_info& declared);
    /// Records that the arguments cannot be encoded.
    FARCALL_DECL void refuse(const codec_error& why);

    /// Whether somebody watches calls.
    bool watched() const noexcept { return extras && extras->facts; }

private:
    FARCALL_DECL void start_by_rule(outgoing_call& call, cancel_relay* relay) const;
    FARCALL_DECL void fill_rest(outgoing_call& call) const;
    void set_deadline(std::chrono::milliseconds timeout);
    void start_by(const attempts_rule& how, outgoing_call& call) const;
    FARCALL_DECL void fill_report(const reply& end) const;
    FARCALL_DECL void tell_observers(const reply& end, const error* why) const;
};

/// Encodes the arguments as an array.
template <class... Arguments>
void encode_arguments(call_request& request, const Arguments&... arguments) {
    request.params.write([&](text_buffer& text) {
        json_writer out{text};
        // A call that may be repeated, or is seen by others, has its arguments in one piece.
        if (request.plain && request.lent != nullptr) out.leave_out(*request.lent);
        const bool good = encode_arguments(out, arguments...);
        if (!good) request.refuse(out.error());
        return good;
    });
}

/// Whether a call's own options are those of any other call.
inline bool says_nothing(const call_options& options) noexcept {
    return !options.timeout && options.headers.empty() && options.latest == never && !options.stop.stop_possible() &&
           !options.wait_for_ready && !options.idempotency_key && options.trace.empty() && options.request_id.empty() &&
           options.report == nullptr;
}

/// Makes the request of a declared method.
/// @param request       new
/// @param none_of_them  that the options say nothing, which is known before
template <class Method, class... Arguments>
void make_request(call_request& request, const std::shared_ptr<client_core>& core,
                  const std::shared_ptr<const retry_decisions>& policy, const call_options& options, bool none_of_them,
                  const Arguments&... arguments) {
    constexpr bool once = Method::info.semantics == call_semantics::exactly_once;
    request.core = core;
    request.method = Method::info.wire_name;
    if (policy) request.rule.policy = policy;
    request.rule.once = once;
    request.rule.hedgeable = Method::info.readonly;
    request.repeatable = Method::info.semantics == call_semantics::idempotent;
    if (none_of_them && core->bare()) {
        request.plain = !once && !policy && std::bool_constant<plain_name(Method::info.wire_name)>::value;
        request.apply_defaults(Method::info);
    } else {
        request.apply(options, &Method::info);
    }
    encode_arguments(request, arguments...);
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/call_request.ipp>
#endif
