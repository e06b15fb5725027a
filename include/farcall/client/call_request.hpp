#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <farcall/call_options.hpp>
#include <farcall/client/attempts_rule.hpp>
#include <farcall/client/call_draft.hpp>
#include <farcall/client/call_payload.hpp>
#include <farcall/client/io_task.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/error.hpp>
#include <farcall/method.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

class cancel_relay;
class client_core;

/// Where a client's I/O runs, and the ends of its calls are told.
FARCALL_DECL const boost::asio::any_io_executor& io_executor(const client_core& core) noexcept;

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
    call_request() = default;
    /// Encodes the arguments.
    /// @param lent  see the member
    FARCALL_DECL explicit call_request(const call_draft& draft, text_apart* lent = nullptr);
    FARCALL_DECL call_request(call_request&&) noexcept;
    call_request& operator=(call_request&&) = delete;
    FARCALL_DECL ~call_request();

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
    /// Has `work` start the call on the I/O thread.
    FARCALL_DECL void submit(io_task& work) const;
    /// On the I/O thread: makes the call, or ends it at once where it was given up before.
    /// @param relay   null: the call cannot be given up
    /// @param queued  whether time has passed since the request was made
    FARCALL_DECL void start(outgoing_call& call, cancel_relay* relay, bool queued) const;
    /// The same of a call that nobody waits for: there is one attempt.
    FARCALL_DECL void start_one_way(outgoing_call& call) const;

    /// The call has ended so: tells it to whoever wants to know, before the caller.
    void tell(const reply& end) const {
        if (extras && extras->report != nullptr) fill_report(end);
    }
    /// The same, after the answer was read, to those who watch.
    /// @param why  null: the call succeeded
    void ended(const reply& end, const error* why) const {
        if (watched()) tell_observers(end, why);
    }

    /// Whether somebody watches calls.
    bool watched() const noexcept { return extras && extras->facts; }

private:
    /// Takes over what the call's own options, the declaration and the client's options say, in this order.
    /// @param declared  of the method; null: it was not declared here
    void apply(const call_options& options, const method_info* declared);
    /// The same where the call's own options say nothing, and nobody sees the client's calls.
    void apply_defaults(const method_info& declared);
    void encode(const call_draft& draft);
    /// Records that the arguments cannot be encoded.
    void refuse(const codec_error& why);
    void start_by_rule(outgoing_call& call, cancel_relay* relay) const;
    FARCALL_DECL void fill_rest(outgoing_call& call) const;
    void set_deadline(std::chrono::milliseconds timeout);
    void start_by(const attempts_rule& how, outgoing_call& call) const;
    FARCALL_DECL void fill_report(const reply& end) const;
    FARCALL_DECL void tell_observers(const reply& end, const error* why) const;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/call_request.ipp>
#endif
