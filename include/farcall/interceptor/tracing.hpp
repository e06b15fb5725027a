#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/observe/span_exporter.hpp>
#include <farcall/random.hpp>

namespace farcall {

namespace detail {
class trace_ids;
class traced_servers;
}  // namespace detail

/// What `tracing` can be told when it is made.
struct tracing_options {
    /// Which share of the traces that begin here are sampled, from 0 to 1. A trace that began elsewhere is as it is.
    double share = 1;
    /// Whether calls that are not the application's, such as rpc.metrics, have spans.
    bool reserved = false;
    /// Where ids come from; asked by the constructor only. Null: seeded by the system.
    std::shared_ptr<random_source> random{};
};

/// An interceptor that makes a span of every call, for client and server.
///
/// On a client it belongs into `client_options::interceptors` for a span a call, or into `attempt_interceptors` for a
/// span an attempt; in both the attempts are children of the call. Where the call is in a trace (`farcall::with` a
/// `context` or a `trace_context`) its span belongs there, otherwise it begins a trace. What travels is the span itself,
/// as W3C's `traceparent`, so that the server's span is its child; on the server it is what `context::trace` says, so
/// that the calls which a handler makes `with` its context are children of the server's span. What comes as
/// `traceparent` and is none begins a trace. Two in one chain, such as one that prints and one that sends, have a span each,
/// the inner one's a child of the outer one's.
///
/// A trace that is not sampled travels on, but its spans are not exported. Names and attributes are OpenTelemetry's for
/// JSON-RPC, with `farcall.attempt`, `farcall.server_us`, `farcall.stale` and `farcall.executed` besides, where they say
/// something.
/// @par Thread safety  Safe.
/// @par Example        examples/16_tracing.cpp
/// @see W3C Trace Context, https://www.w3.org/TR/trace-context/; OpenTelemetry, Semantic conventions for JSON-RPC
class tracing {
public:
    /// @param exporter  gets the spans: `farcall::print_tree{}`, `farcall::otlp_http_exporter{...}`, or one's own
    FARCALL_DECL explicit tracing(span_exporter exporter, tracing_options options = {});

    /// Begins the span.
    FARCALL_DECL void before(intercepted_call& call);
    /// Ends it.
    FARCALL_DECL void after(intercepted_call& call, call_outcome& end);

private:
    span_exporter exporter_;
    std::shared_ptr<detail::trace_ids> ids_;
    std::shared_ptr<detail::traced_servers> servers_;
    double share_;
    bool reserved_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/tracing.ipp>
#endif
