#pragma once

#include <cstddef>
#include <string_view>

namespace farcall {

/// Whether two secrets are equal, in a time that does not tell where they differ; it may tell how long they are.
///
/// For tokens and passwords: with `==` a caller could find one out byte by byte, by the time of the refusals.
[[nodiscard]] inline bool same_secret(std::string_view one, std::string_view other) noexcept {
    if (one.size() != other.size()) return false;
    // Volatile: no compiler may see that the rest cannot matter any more.
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < one.size(); ++i)
        difference = static_cast<unsigned char>(
            difference | (static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i])));
    return difference == 0;
}

}  // namespace farcall
