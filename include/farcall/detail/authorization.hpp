#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <farcall/detail/ascii.hpp>

namespace farcall::detail {

/// The field `authorization`: `Bearer mF_9.B5f-4.1JqM`.
/// @see RFC 9110, section 11.4
struct authorization {
    std::string_view scheme;
    std::string_view credentials;

    bool is(std::string_view name) const noexcept { return same_name(scheme, name); }
};

/// Its two parts; nothing if one of them is missing.
constexpr std::optional<authorization> parse_authorization(std::string_view field) noexcept {
    const std::size_t end = field.find(' ');
    const std::size_t begin = field.find_first_not_of(' ', end);
    if (end == std::string_view::npos || begin == std::string_view::npos) return std::nullopt;
    return authorization{field.substr(0, end), field.substr(begin)};
}

}  // namespace farcall::detail
