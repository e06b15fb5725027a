#pragma once

#include <cstddef>
#include <string_view>

namespace farcall::detail {

/// A large text that belongs into another one and is not copied there: it goes out from where it is.
struct text_apart {
    /// From this size on that costs less than a copy.
    static constexpr std::size_t least = 32u << 10;

    std::size_t at = 0;       ///< where it belongs: bytes from the beginning of what it belongs into
    std::string_view text{};  ///< empty: there is none
};

}  // namespace farcall::detail
