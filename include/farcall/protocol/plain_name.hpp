#pragma once

#include <string_view>

#include <farcall/detail/json_text.hpp>

namespace farcall::detail {

/// Whether a method's name stands in JSON as it is.
constexpr bool plain_name(std::string_view name) noexcept {
    for (const char c : name)
        if (!plain_ascii(c)) return false;
    return !name.empty();
}

}  // namespace farcall::detail
