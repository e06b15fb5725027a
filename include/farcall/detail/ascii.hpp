#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace farcall::detail {

/// @file
/// Characters and names in ASCII, whatever the locale.

constexpr char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Whether two names are equal without regard to ASCII case.
constexpr bool same_name(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
    return true;
}

inline std::string lower_case(std::string_view text) {
    std::string made{text};
    for (char& c : made) c = ascii_lower(c);
    return made;
}

constexpr bool ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The value of a hexadecimal digit, -1 for anything else.
constexpr int hex_value(char c) noexcept {
    if (ascii_digit(c)) return c - '0';
    const char low = ascii_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// One of the characters that names of fields are made of: tchar of RFC 9110, section 5.6.2.
constexpr bool token_char(char c) noexcept {
    const char low = ascii_lower(c);
    return (low >= 'a' && low <= 'z') || ascii_digit(c) ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

constexpr bool http_token(std::string_view text) noexcept {
    for (const char c : text)
        if (!token_char(c)) return false;
    return !text.empty();
}

/// Without the spaces and tabs around it (OWS of RFC 9110).
constexpr std::string_view without_space(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace farcall::detail
