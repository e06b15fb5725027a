#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace farcall {

/// Where a call stands in a trace, in the form in which it travels.
///
/// The texts are carried as they came, to whatever is called on behalf of the call; `observe/` reads and makes them.
/// @see W3C Trace Context, sections 3.2 and 3.3, https://www.w3.org/TR/trace-context/
struct trace_context {
    static constexpr std::size_t longest_traceparent = 128;  ///< bytes that travel
    static constexpr std::size_t longest_tracestate = 512;   ///< the same of the other

    std::string traceparent{};  ///< "00-<32 hex digits>-<16>-<2>", at most 128 bytes; empty: the call is in no trace
    std::string tracestate{};   ///< what vendors add to it, at most 512 bytes; empty: nothing

    /// Whether the call is in no trace.
    bool empty() const noexcept { return traceparent.empty(); }

    /// Whether it goes along with calls: neither too long nor anything but printable ASCII. What is not is left out.
    bool sendable() const noexcept {
        const auto printable = [](std::string_view text) {
            return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
        };
        return !empty() && traceparent.size() <= longest_traceparent && tracestate.size() <= longest_tracestate &&
               printable(traceparent) && printable(tracestate);
    }

    /// Equal in both texts.
    friend bool operator==(const trace_context&, const trace_context&) = default;
};

}  // namespace farcall
