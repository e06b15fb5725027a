#pragma once

#include <cstddef>
#include <string_view>

#include <farcall/detail/ascii.hpp>

namespace farcall::detail {

/// @file
/// The small parts that HTTP's fields are made of.
/// @see RFC 9110, section 5.6

/// What may stand in a field's value: anything but control characters; a tab is white space.
constexpr bool field_char(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
}

/// Takes the next part off the front of a list; parts are separated by `separator` and may be empty.
///
/// @param left  what is left of the list
/// @returns false if nothing was left
constexpr bool next_part(std::string_view& left, std::string_view& part, char separator = ',') noexcept {
    if (left.data() == nullptr) return false;
    const std::size_t end = left.find(separator);
    part = without_space(left.substr(0, end));
    left = end == std::string_view::npos ? std::string_view{} : left.substr(end + 1);
    return true;
}

/// Whether a list such as that of `Connection` has a part, without regard to case.
constexpr bool list_has(std::string_view list, std::string_view wanted) noexcept {
    for (std::string_view part; next_part(list, part);)
        if (same_name(part, wanted)) return true;
    return false;
}

}  // namespace farcall::detail
