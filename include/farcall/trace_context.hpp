#pragma once

#include <string>

namespace farcall {

/// Where a call stands in a trace, in the form in which it travels.
///
/// The texts are carried as they came, to whatever is called on behalf of the call; `observe/` reads and makes them.
/// @see W3C Trace Context, sections 3.2 and 3.3, https://www.w3.org/TR/trace-context/
struct trace_context {
    std::string traceparent{};  ///< "00-<32 hex digits>-<16>-<2>", at most 128 bytes; empty: the call is in no trace
    std::string tracestate{};   ///< what vendors add to it, at most 512 bytes; empty: nothing

    /// Whether the call is in no trace.
    bool empty() const noexcept { return traceparent.empty(); }

    friend bool operator==(const trace_context&, const trace_context&) = default;
};

}  // namespace farcall
