#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// A point in time: seconds since 1970-01-01T00:00:00Z, and what is beyond them.
struct date_time {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
};

/// Room for the longest text that `write_date_time` makes.
inline constexpr std::size_t date_time_room = 32;

/// What `read_date_time` takes, but for the length of the months.
inline constexpr std::string_view date_time_schema =
    R"({"type":"string","format":"date-time","pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt])"
    R"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"})";

/// Writes "2024-02-29T12:30:00.250Z".
///
/// @param digits  of the second's fraction, 0 to 9; what is beyond them is cut
/// @returns the text in `room`; empty if the year is not 0000 to 9999
/// @see RFC 3339, section 5.6
[[nodiscard]] FARCALL_DECL std::string_view write_date_time(const date_time& moment, int digits, char* room) noexcept;

/// Reads such text, with any offset and any number of digits; digits beyond the ninth are dropped.
/// @returns false if it is none; a leap second is none, for the system clock does not count them
[[nodiscard]] FARCALL_DECL bool read_date_time(std::string_view text, date_time& moment) noexcept;

/// The point in time that is `count` units after 1970, by how many units a second has, or seconds a unit; one is 1.
/// @returns false if the year is not 0000 to 9999
[[nodiscard]] FARCALL_DECL bool split_count(std::int64_t count, std::int64_t per_second, std::int64_t seconds_each,
                                            date_time& moment) noexcept;

/// `sum = a * factor + b` for positive factors and `0 <= b < factor`.
/// @returns false if that does not fit
[[nodiscard]] FARCALL_DECL bool scaled_sum(std::int64_t a, std::int64_t factor, std::int64_t b,
                                           std::int64_t& sum) noexcept;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/codec/impl/date_time.ipp>
#endif
