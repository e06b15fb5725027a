#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <farcall/call_side.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/observe/traceparent.hpp>
#include <farcall/status.hpp>

namespace farcall {

/// A fact about a span, named as OpenTelemetry's semantic conventions name it: "rpc.method", "server.port".
struct span_attribute {
    std::string name;                                     ///< ASCII, with points
    std::variant<std::string, std::int64_t, bool> value;  ///< a text may be a peer's: untrusted, not always UTF-8

    /// Equal in both.
    friend bool operator==(const span_attribute&, const span_attribute&) = default;
};

/// One call, as a trace shows it from one side: the client's span has the server's as its child, and that the spans of
/// the calls that the handler makes.
/// @see OpenTelemetry, Tracing API, "Span"
struct span {
    span_context context{};      ///< its own ids; `sampled`, as others are not exported
    std::uint64_t parent = 0;    ///< id of the span that it belongs to; zero: it begins its trace
    bool remote_parent = false;  ///< the parent is on the other side of a connection
    std::string tracestate{};    ///< what vendors add, as it came; valid; may be empty
    call_side side{};            ///< whose view of the call it is
    std::string name{};          ///< the method, "Calculator.add"; "_OTHER" for one that a server does not have
    std::chrono::system_clock::time_point begin{};  ///< by the calendar
    std::chrono::nanoseconds time{};                ///< from begin to end
    farcall::status status = status::ok;            ///< what the call ended with
    std::string message{};                          ///< of its failure, perhaps the peer's; empty: none
    std::vector<span_attribute> attributes{};       ///< each name once
};

}  // namespace farcall
