#pragma once

#include <chrono>
#include <cstdio>

#include <farcall/detail/plain_sight.hpp>
#include <farcall/detail/utf8.hpp>
#include <farcall/observe/log_line.hpp>

namespace farcall {

namespace detail {

/// Puts `text` between quotes, as a JSON string that holds nothing but what can be seen.
inline void append_quoted(std::string& out, std::string_view text, std::size_t most, bool json) {
    std::string_view rest = text.substr(0, most);
    // A sequence that the limit cuts is no mistake of whoever wrote it.
    if (rest.size() < text.size()) rest = cut_utf8(text, most);
    out += '"';
    while (!rest.empty()) {
        const character next = take_character(rest);
        const char32_t c = next.code;
        if (!next.sound) {
            if (json)
                out += "\\ufffd";
            else
                append_byte_escape(out, static_cast<unsigned char>(c));
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += next.bytes;
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else if (deceives(c)) {
            append_code_escape(out, c);
        } else {
            out += next.bytes;
        }
    }
    if (text.size() > most) out += "...";
    out += '"';
}

/// Whether a text needs no quotes where fields are told apart by blanks.
inline bool stands_alone(std::string_view text) noexcept {
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && std::string_view{"_-.:/@+%,[]$"}.find(c) == std::string_view::npos) return false;
    }
    return !text.empty();
}

/// RFC 3339 in UTC, with microseconds.
inline void append_time(std::string& out, std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<microseconds>(time - day)};
    char text[64];
    const int size = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                   static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    out.append(text, static_cast<std::size_t>(size));
}

}  // namespace detail

FARCALL_DECL log_line::log_line(log_format format, log_level level, std::chrono::system_clock::time_point time,
                                std::string_view event, std::size_t text_limit)
    : text_limit_(text_limit), format_(format) {
    text_.reserve(256);
    if (format_ == log_format::json) {
        text_ += "{\"time\":\"";
        detail::append_time(text_, time);
        text_ += "\",\"level\":\"";
        text_ += to_string(level);
        text_ += "\",\"event\":";
        detail::append_quoted(text_, event, text_limit_, true);
    } else {
        detail::append_time(text_, time);
        text_ += ' ';
        text_ += to_string(level);
        text_ += ' ';
        // The same escapes as in a field, without its quotes.
        std::string quoted;
        detail::append_quoted(quoted, event, text_limit_, false);
        text_.append(quoted, 1, quoted.size() - 2);
    }
}

FARCALL_DECL void log_line::begin_field(std::string_view name) {
    const bool json = format_ == log_format::json;
    text_ += json ? ",\"" : " ";
    text_ += name;
    text_ += json ? "\":" : "=";
}

FARCALL_DECL log_line& log_line::field(std::string_view name, std::string_view value, std::size_t most) {
    begin_field(name);
    const bool json = format_ == log_format::json;
    if (!json && value.size() <= most && detail::stands_alone(value))
        text_ += value;
    else
        detail::append_quoted(text_, value, most, json);
    return *this;
}

FARCALL_DECL log_line& log_line::field(std::string_view name, bool value) { return plain(name, value ? "true" : "false"); }

FARCALL_DECL log_line& log_line::field(std::string_view name, std::chrono::nanoseconds value) {
    char text[40];
    const int size = std::snprintf(text, sizeof text, "%.1f", static_cast<double>(value.count()) / 1000.0);
    return plain(name, {text, static_cast<std::size_t>(size)});
}

FARCALL_DECL log_line& log_line::plain(std::string_view name, std::string_view value) {
    begin_field(name);
    text_ += value;
    return *this;
}

FARCALL_DECL std::string_view log_line::finish() {
    if (format_ == log_format::json) text_ += '}';
    return text_;
}

}  // namespace farcall
