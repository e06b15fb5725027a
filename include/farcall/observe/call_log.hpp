#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <farcall/error.hpp>
#include <farcall/observe/event.hpp>
#include <farcall/observe/log_line.hpp>
#include <farcall/status.hpp>

namespace farcall::detail {

/// @file
/// What the lines of calls have in common, whoever writes them.

/// Whose trouble a call's end is: the caller's (info), the operator's (warning), the programmer's (error).
constexpr log_level level_of(status code) noexcept {
    switch (code) {
        case status::internal:
        case status::data_loss: return log_level::error;
        case status::deadline_exceeded:
        case status::resource_exhausted:
        case status::unavailable: return log_level::warning;
        default: return log_level::info;
    }
}

inline void print(log_line& line, const connection_tag& connection) {
    line.field("side", to_string(connection.side));
    if (connection.id != 0) line.field("connection", connection.id);
    line.field_if("peer", connection.peer).field_if("protocol", connection.protocol);
}

inline void print(log_line& line, const error& failure) {
    line.field("error", std::string_view{failure.message()})
        .field_if("type", failure.type())
        .field("executed", to_string(failure.executed()))
        .field_if("exception", failure.private_text());
}

/// The arguments, cut and redacted; nothing if none are to be printed.
inline void print_params(log_line& line, std::string_view method, std::string_view params, std::size_t most,
                         const std::function<std::string(std::string_view method, std::string_view params)>& redact) {
    if (most == 0 || params.empty()) return;
    const std::string_view shown = params.substr(0, most);
    if (redact)
        line.field("params", std::string_view{redact(method, shown)}, most);
    else
        line.field("params", shown, most);
}

}  // namespace farcall::detail
