#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/observe/log_level.hpp>

namespace farcall {

/// What a line of a log looks like.
enum class log_format : std::uint8_t {
    text,  ///< `2026-11-21T19:00:00.123456Z info call failed method=Calculator.divide us=12.3 error="Division by zero"`
    json,  ///< One JSON object a line, with the members time, level, event, and the fields.
};

/// One line that is being written: an event with fields.
///
/// All text is taken as untrusted: what could end the line, colour a terminal, turn the direction of writing or fool the
/// eye is escaped as JSON does it, and what is longer than the line's limit is cut and ends in "...".
/// @par Thread safety  Unsafe.
class log_line {
public:
    /// @param event      what happens, the same words each time
    /// @param text_limit bytes of one text field at most
    FARCALL_DECL log_line(log_format format, log_level level, std::chrono::system_clock::time_point time,
                          std::string_view event, std::size_t text_limit);

    /// @{ Adds a field. Names are letters, digits and `_`.
    log_line& field(std::string_view name, std::string_view value) { return field(name, value, text_limit_); }
    /// @param most  bytes of it, instead of the line's limit
    FARCALL_DECL log_line& field(std::string_view name, std::string_view value, std::size_t most);
    log_line& field(std::string_view name, const char* value) { return field(name, std::string_view{value}); }
    template <std::integral Number>
        requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
    log_line& field(std::string_view name, Number value) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        return plain(name, {digits, static_cast<std::size_t>(end - digits)});
    }
    FARCALL_DECL log_line& field(std::string_view name, bool value);
    /// In microseconds with one decimal.
    FARCALL_DECL log_line& field(std::string_view name, std::chrono::nanoseconds value);
    /// @}

    /// The same for a text field only where there is one.
    log_line& field_if(std::string_view name, std::string_view value) { return value.empty() ? *this : field(name, value); }

    /// Ends the line: nothing may be added any more.
    /// @returns the whole, without a newline; lives as long as this
    FARCALL_DECL std::string_view finish();

private:
    void begin_field(std::string_view name);
    FARCALL_DECL log_line& plain(std::string_view name, std::string_view value);

    std::string text_;
    std::size_t text_limit_;
    log_format format_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/log_line.ipp>
#endif
