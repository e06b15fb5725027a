#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <farcall/service/detail/token.hpp>

/// @file
/// What can be said of a declaration from its text alone, before any of its types is looked at.

namespace farcall::detail {

/// The most methods that `RPC_SERVICE` takes.
inline constexpr std::size_t most_methods = 250;

/// Findings about the entries of one `RPC_SERVICE`.
struct survey {
    std::size_t count = 0;
    bool well_formed = true;                     ///< every entry is `(name, signature, ...)`
    std::array<bool, most_methods> repeated{};   ///< whether an earlier entry has the name of this one
};

constexpr survey survey_entries(std::string_view text) noexcept {
    survey found;
    std::array<std::string_view, most_methods> names{};
    item_reader entries{text};
    for (item entry = entries.next(); !entry.ended(); entry = entries.next()) {
        if (!entry.opens('(')) {
            found.well_formed = false;
            return found;
        }
        std::size_t at = 0;
        const token name = next_token(entry.inner, at);
        const token comma = next_token(entry.inner, at);
        const token signature = next_token(entry.inner, at);
        if (name.kind != token_kind::word || !comma.is(',') || signature.kind == token_kind::end) {
            found.well_formed = false;
            return found;
        }
        const item separator = entries.next();
        if (!separator.ended() && !separator.is(",")) found.well_formed = false;
        if (found.count < most_methods) {
            names[found.count] = name.text;
            for (std::size_t i = 0; i != found.count; ++i) {
                if (names[i] == name.text) found.repeated[found.count] = true;
            }
        }
        ++found.count;
        if (separator.ended()) break;
    }
    return found;
}

constexpr bool begins_with(std::string_view text, std::string_view prefix) noexcept {
    return text.substr(0, prefix.size()) == prefix;
}

/// Names that the wire or the library keeps for itself.
constexpr bool reserved_service_name(std::string_view name) noexcept {
    return name == "rpc" || begins_with(name, "farcall_");
}
constexpr bool reserved_method_name(std::string_view name) noexcept { return begins_with(name, "farcall_"); }

}  // namespace farcall::detail
