#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// @file
/// What can be said of the names in a declaration.

namespace farcall::detail {

constexpr bool begins_with(std::string_view text, std::string_view prefix) noexcept {
    return text.substr(0, prefix.size()) == prefix;
}

/// Names that the wire or the library keeps for itself.
constexpr bool reserved_service_name(std::string_view name) noexcept {
    return name == "rpc" || begins_with(name, "farcall_");
}
constexpr bool reserved_method_name(std::string_view name) noexcept { return begins_with(name, "farcall_"); }

/// For each name whether an earlier one is the same.
template <std::size_t Count>
constexpr std::array<bool, Count> repeated_names(const std::string_view (&names)[Count]) noexcept {
    std::array<bool, Count> repeated{};
    std::array<std::uint32_t, Count> hashes{};  // compilers count the steps, and many methods make many pairs
    for (std::size_t i = 0; i != Count; ++i) {
        std::uint32_t hash = 2166136261u;
        for (const char c : names[i]) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
        for (std::size_t j = 0; j != i; ++j) {
            if (hashes[j] == hash && names[j] == names[i]) repeated[i] = true;
        }
        hashes[i] = hash;
    }
    return repeated;
}

}  // namespace farcall::detail
