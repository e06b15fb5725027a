#pragma once

#include <cstdint>

#include <farcall/status.hpp>

namespace farcall::detail {

/// @{ The numbers of JSON-RPC 2.0, section 5.1.
inline constexpr std::int64_t code_parse_error = -32700;      ///< The message is not JSON.
inline constexpr std::int64_t code_invalid_request = -32600;  ///< It is JSON, but not a request.
inline constexpr std::int64_t code_method_not_found = -32601;
inline constexpr std::int64_t code_invalid_params = -32602;
inline constexpr std::int64_t code_internal_error = -32603;
/// @}

/// An exception of the application; status n is this minus n.
inline constexpr std::int64_t code_application_exception = -32000;

/// Whether JSON-RPC reserves a number for itself, so that an application may not answer with it.
constexpr bool reserved_code(std::int64_t code) noexcept { return code >= -32768 && code <= -32100; }

/// The number that says a status on the wire.
///
/// @see DESIGN section 2, "Errors"
constexpr std::int64_t code_of(status value) noexcept {
    switch (value) {
        case status::invalid_argument: return code_invalid_params;
        case status::unimplemented: return code_method_not_found;
        case status::internal: return code_internal_error;
        case status::ok:
        case status::unknown: return code_application_exception;
        default: return code_application_exception - static_cast<std::int64_t>(value);
    }
}

/// The status that a number on the wire says.
///
/// −32700 and −32600 are `internal`: the library writes the messages, so one that cannot be read is a defect of one
/// side and not of the caller's arguments. A number that JSON-RPC reserves without a meaning is `internal`, too.
/// Every number outside the reserved and the status range is the application's own, `unknown`.
constexpr status status_of(std::int64_t code) noexcept {
    switch (code) {
        case code_invalid_params: return status::invalid_argument;
        case code_method_not_found: return status::unimplemented;
        case code_internal_error:
        case code_parse_error:
        case code_invalid_request: return status::internal;
        default: break;
    }
    if (reserved_code(code)) return status::internal;
    if (code < -32016 || code > -32001) return status::unknown;
    return static_cast<status>(code_application_exception - code);
}

/// Whether a number is an application's own: neither JSON-RPC's nor that of a status.
constexpr bool own_code(std::int64_t code) noexcept { return !reserved_code(code) && (code < -32016 || code > -32000); }

/// Whether the call ran, as far as a number alone tells.
///
/// No: the message, the method or the arguments were refused, which comes before the call. Yes: an exception or
/// number of the application, which only its code can make. Unknown: anything else, for a status may be that of a
/// full queue as well as that of a handler.
constexpr executed executed_by_code(std::int64_t code) noexcept {
    switch (code) {
        case code_parse_error:
        case code_invalid_request:
        case code_method_not_found:
        case code_invalid_params: return executed::no;
        case code_application_exception: return executed::yes;
        default: return own_code(code) ? executed::yes : executed::unknown;
    }
}

}  // namespace farcall::detail
