#pragma once

#include <cstddef>
#include <cstdint>

#include <farcall/detail/digits.hpp>

namespace farcall::detail {

/// The decimal digits at the front of a text: how many there are, and what number they are.
struct digit_run {
    std::size_t size = 0;     ///< 0: no digit is there
    std::uint64_t value = 0;  ///< modulo 2^64: whoever allows more than 19 digits looks at `size` first

    /// @param at   the first byte
    /// @param end  behind the last one that may be read
    [[gnu::always_inline]] static digit_run at(const char* at, const char* end) noexcept {
        digit_run run;
        if constexpr (digits_by_eight) {
            if (end - at >= 8) {
                const std::uint64_t eight = eight_digits(at);
                if (const unsigned count = leading_digits(eight); count < 8) {
                    run.size = count;
                    if (count != 0) run.value = value_of_first(eight, count);
                    return run;
                }
            }
        }
        const char* digit = at;
        for (; digit != end && decimal_digit(*digit); ++digit)
            run.value = run.value * 10 + static_cast<unsigned char>(*digit - '0');
        run.size = static_cast<std::size_t>(digit - at);
        return run;
    }
};

}  // namespace farcall::detail
