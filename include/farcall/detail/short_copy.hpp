#pragma once

#include <cstddef>
#include <cstring>

namespace farcall::detail {

/// Copies a text that is short as a rule, such as an id: in line, where a call of `memcpy` would cost more than it does.
///
/// Reads and writes exactly `size` bytes.
/// @returns behind the last byte written
inline char* short_copy(char* to, const char* from, std::size_t size) noexcept {
    if (size > 16) {
        std::memcpy(to, from, size);
    } else if (size >= 8) {
        // Two pieces that may overlap.
        std::memcpy(to, from, 8);
        std::memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        std::memcpy(to, from, 4);
        std::memcpy(to + size - 4, from + size - 4, 4);
    } else if (size != 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
    return to + size;
}

}  // namespace farcall::detail
