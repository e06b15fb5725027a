#pragma once

#include <algorithm>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <farcall/call_report.hpp>
#include <farcall/clock.hpp>
#include <farcall/context.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/metadata.hpp>
#include <farcall/trace_context.hpp>

namespace farcall {

/// How long a call may take: `farcall::with(calc, farcall::timeout{200ms})`.
///
/// At least 1 ms; more than `limits::longest_deadline` is cut to it.
struct timeout {
    std::chrono::milliseconds value;  ///< from the moment of the call
};

/// No deadline at all: `farcall::with(calc, farcall::no_timeout)`. Such a call may wait for ever.
struct no_timeout_t {};
inline constexpr no_timeout_t no_timeout{};

/// Waits for a connection until the call's deadline instead of failing with `unavailable` at once:
/// `farcall::with(calc, farcall::wait_for_ready)`. For a server that is not up yet, or is being restarted.
struct wait_for_ready_t {};
inline constexpr wait_for_ready_t wait_for_ready{};

/// The caller's own name for a transaction: `farcall::with(bank, farcall::idempotency_key{"order-77"})`.
///
/// For methods declared `exactly_once`. However often and from wherever calls with the same key come, the method runs
/// once and all get the first answer, as long as the server's store keeps it (see the store's options). Calls with the
/// same key and other arguments are refused.
struct idempotency_key {
    std::string value;  ///< 1 to 256 bytes of UTF-8; unique among all that the caller ever does
};

/// The caller's name for the request that a call is part of, its header `x-request-id`:
/// `farcall::with(calc, farcall::request_id{"a7"})`. The handler's own calls carry it on.
struct request_id {
    std::string value;  ///< a value of metadata: UTF-8 without control characters; otherwise it is left out
};

/// What can be said of a single call, beyond its arguments. Made by `farcall::with`.
///
/// The deadline of a call is the first of these that is there: the call's own, that of the method's declaration
/// (`timeout_ms<N>`), that of the client (`client_options::timeout`, 10 s).
struct call_options {
    /// Empty: as the declaration says. Zero: no deadline.
    std::optional<std::chrono::milliseconds> timeout{};
    /// Travels with the call; the handler reads it from its `context`.
    metadata headers{};
    /// Not later than this, whatever `timeout` says: the deadline of the call that this one is made for.
    time_point latest = never;
    /// Gives the call up when a stop is requested: it ends with `cancelled`.
    std::stop_token stop{};
    /// See `farcall::wait_for_ready`. Empty: as `client_options` say.
    std::optional<bool> wait_for_ready{};
    /// See `farcall::idempotency_key`. Empty: none.
    std::optional<std::string> idempotency_key{};

    /// Where the call stands in a trace; empty: in none, or in one that an interceptor begins.
    trace_context trace{};
    /// The header `x-request-id`, unless `headers` have one; empty: none.
    std::string request_id{};
    /// See `farcall::report_to`. Null: nobody wants to know.
    call_report* report = nullptr;

    /// @{ Takes one of the options that `farcall::with` is given.
    void apply(farcall::timeout option) { timeout = std::max(option.value, std::chrono::milliseconds{1}); }
    void apply(no_timeout_t) { timeout = std::chrono::milliseconds{0}; }
    void apply(metadata option) { headers = std::move(option); }
    void apply(wait_for_ready_t) { wait_for_ready = true; }
    void apply(farcall::idempotency_key option) { idempotency_key = std::move(option.value); }
    void apply(std::stop_token option) { stop = std::move(option); }
    void apply(farcall::request_id option) { request_id = std::move(option.value); }
    void apply(trace_context option) { trace = std::move(option); }
    void apply(report_to_option option) { report = option.report; }
    /// A handler's own calls: they end with the call that it answers, by deadline as by cancellation, and belong to the
    /// same request and trace.
    void apply(const context& call) {
        latest = std::min(latest, call.deadline());
        stop = call.stop();
        if (!call.trace().empty()) trace = call.trace();
        if (!call.request_id().empty()) request_id = call.request_id();
    }
    /// @}
};

/// What `farcall::with` takes.
template <class T>
concept call_option = requires(call_options& all, T&& option) { all.apply(std::forward<T>(option)); };

}  // namespace farcall
