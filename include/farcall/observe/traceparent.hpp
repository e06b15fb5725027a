#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall {

/// One span of one trace: what a process has to know of the one that called it.
struct span_context {
    std::uint64_t trace_high = 0;  ///< the first 64 bits of the trace's id
    std::uint64_t trace_low = 0;   ///< the last ones; both zero: no trace
    std::uint64_t span = 0;        ///< id of the span; zero: none
    bool sampled = false;          ///< whether spans of the trace are exported

    /// Whether it names a span.
    bool valid() const noexcept { return (trace_high | trace_low) != 0 && span != 0; }
    /// 32 hex digits, as the trace's id is written everywhere.
    FARCALL_DECL std::string trace_id() const;

    /// Equal in all parts.
    friend bool operator==(const span_context&, const span_context&) = default;
};

/// 16 hex digits, as a span's id is written everywhere.
FARCALL_DECL std::string span_id_text(std::uint64_t span);

/// Reads the header `traceparent`. Of a version that is not known yet, what version 00 has is read.
///
/// @returns nothing for what is no such header: whoever gets that begins a trace of his own
/// @see W3C Trace Context, section 3.2
FARCALL_DECL std::optional<span_context> parse_traceparent(std::string_view text) noexcept;

/// Writes the header `traceparent`, version 00.
FARCALL_DECL std::string to_traceparent(const span_context& span);

/// Whether a header `tracestate` may be handed on: at most 512 bytes and 32 members, each of the form `key=value`.
/// @see W3C Trace Context, section 3.3
FARCALL_DECL bool valid_tracestate(std::string_view text) noexcept;

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/traceparent.ipp>
#endif
