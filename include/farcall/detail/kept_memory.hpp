#pragma once

#include <cstddef>
#include <cstdint>

namespace farcall::detail {

/// Decides whether a buffer that has become empty keeps its memory.
///
/// Large memory that is taken from the system and given back with every message costs more than the message itself: each
/// page is mapped and cleared anew. So it is kept, up to a bound, as long as it is needed again and again.
///
/// @tparam Always  up to so many bytes are kept whatever they are needed for
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
template <std::size_t Always>
class kept_memory {
public:
    /// Memory beyond this is never kept.
    static constexpr std::size_t most = 16u << 20;

    /// @param capacity  bytes that the buffer has
    /// @param used      bytes that it had to hold since the last time
    bool keeps(std::size_t capacity, std::size_t used) noexcept {
        if (capacity <= Always) return true;
        if (used <= Always) return capacity <= most && ++idle_ <= patience;
        idle_ = 0;
        return capacity <= most;
    }

private:
    static constexpr std::uint8_t patience = 16;

    std::uint8_t idle_ = 0;  ///< how often in a row less memory would have been enough
};

}  // namespace farcall::detail
