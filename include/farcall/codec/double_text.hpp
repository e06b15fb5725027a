#pragma once

#include <cstddef>
#include <cstdint>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// @file
/// Doubles in decimal, by exact integer arithmetic where 128 bits are enough for it: there it is several times as fast
/// as `std::to_chars` and `std::from_chars`, which do the rest, and says the same.

/// The nearest double to `mantissa` times ten to the power of `scale`, ties to even.
///
/// @returns false if this is not the place to ask: `value` is unchanged then
[[nodiscard]] FARCALL_DECL bool exact_double(std::uint64_t mantissa, std::int64_t scale, double& value) noexcept;

/// Room that `write_double` wants.
inline constexpr std::size_t double_room = 48;

/// Writes what `std::to_chars` writes: the shortest text that reads back as the same double and the nearest to it of
/// those, as a decimal or with an exponent, whichever is shorter. At most 24 characters;
/// `out` has `double_room` none the less.
///
/// @param value  finite
/// @returns the end of what was written
[[nodiscard]] FARCALL_DECL char* write_double(char* out, double value) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/double_text.ipp>
#endif
