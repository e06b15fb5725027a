#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace farcall::detail {

/// The decimal digits at the front of a text: how many there are, and what number they are.
struct digit_run {
    std::size_t size = 0;     ///< 0: no digit is there
    std::uint64_t value = 0;  ///< modulo 2^64: whoever allows more than 19 digits looks at `size` first

    /// @param at   the first byte
    /// @param end  behind the last one that may be read
    [[gnu::always_inline]] static digit_run at(const char* at, const char* end) noexcept {
        digit_run run;
        if constexpr (std::endian::native == std::endian::little) {
            if (end - at >= 8) {
                std::uint64_t eight;
                std::memcpy(&eight, at, 8);
                // What is a digit is 0 to 9 now. An addition may carry into the byte above one that it finds: only the
                // lowest bit tells a place.
                eight ^= 0x3030303030303030u;
                const std::uint64_t others = ((eight + 0x7676767676767676u) | eight) & 0x8080808080808080u;
                if (others != 0) {
                    run.size = static_cast<std::size_t>(std::countr_zero(others)) / 8;
                    if (run.size != 0) run.value = value_of(eight << (64 - 8 * run.size));
                    return run;
                }
            }
        }
        const char* digit = at;
        for (; digit != end && static_cast<unsigned char>(*digit - '0') < 10; ++digit)
            run.value = run.value * 10 + static_cast<unsigned char>(*digit - '0');
        run.size = static_cast<std::size_t>(digit - at);
        return run;
    }

private:
    /// Eight digits of a byte each, the first in the lowest one: neighbours are put together in three steps.
    static std::uint64_t value_of(std::uint64_t eight) noexcept {
        constexpr std::uint64_t mask = 0x000000ff000000ffu;
        eight = eight * 10 + (eight >> 8);
        return ((eight & mask) * (100 + (std::uint64_t{1'000'000} << 32)) +
                ((eight >> 16) & mask) * (1 + (std::uint64_t{10'000} << 32))) >> 32;
    }
};

}  // namespace farcall::detail
