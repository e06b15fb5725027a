#pragma once

#include <cstddef>
#include <cstdint>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// One JSON number, taken apart and not yet converted.
struct number_text {
    const char* begin = nullptr;
    /// Behind the number; where the grammar was broken if it is none.
    const char* end = nullptr;
    /// Behind the last digit before the exponent.
    const char* digits_end = nullptr;
    /// All digits before the exponent as one integer, modulo 2^64.
    std::uint64_t mantissa = 0;
    /// How many digits those are.
    std::size_t digits = 0;
    /// How many of them stand behind the point.
    std::size_t fraction = 0;
    /// The exponent as written, saturated far outside of what any double needs.
    std::int64_t exponent = 0;
    bool negative = false;
    /// Neither point nor exponent.
    bool plain = true;
};

enum class number_outcome : unsigned char { exact, not_integral, out_of_range };

/// Takes the longest number apart that begins at `p`.
/// @returns false if it breaks the grammar of RFC 8259, section 6
[[nodiscard]] FARCALL_DECL bool scan_number(const char* p, const char* end, number_text& number) noexcept;

/// The exact integer that a number is, without its sign; "3.0" and "1e2" are integers, "3.5" is none.
[[nodiscard]] FARCALL_DECL number_outcome to_integer(const number_text& number, std::uint64_t& magnitude) noexcept;

/// The nearest floating-point value; what is too small becomes zero, what is too large is out of range.
[[nodiscard]] FARCALL_DECL number_outcome to_floating(const number_text& number, double& value) noexcept;
[[nodiscard]] FARCALL_DECL number_outcome to_floating(const number_text& number, float& value) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/json_number.ipp>
#endif
