#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace farcall::detail {

/// Whether `size` bytes are the same: for names, which are too short for a call of `memcmp` to pay.
inline bool same_bytes(const char* left, const char* right, std::size_t size) noexcept {
    const auto differ = [&](std::size_t at) {
        std::uint64_t one, other;
        std::memcpy(&one, left + at, 8);
        std::memcpy(&other, right + at, 8);
        return one != other;
    };
    if (size < 8) {
        for (std::size_t at = 0; at != size; ++at)
            if (left[at] != right[at]) return false;
        return true;
    }
    for (std::size_t at = 0; at < size - 8; at += 8)
        if (differ(at)) return false;
    return !differ(size - 8);
}

/// The same of two texts.
inline bool same_text(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && same_bytes(left.data(), right.data(), left.size());
}

}  // namespace farcall::detail
