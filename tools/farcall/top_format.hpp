#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tool {

/// @file
/// Numbers and texts in few columns. `utf8` says whether the terminal shows more than ASCII.

/// At most 7 columns: "0", "12 345", "1.23M".
std::string count_text(double count);

/// At most 7 columns: "0", "0.25", "7.5", "12 345".
std::string rate_text(double per_second);

/// At most 6 columns: "9.2µs", "340µs", "3.20ms", "1.20s"; "-" for less than zero, which is no time.
std::string time_text(double microseconds, bool utf8);

/// How long something runs: "12 s", "5 min 3 s", "1 h 12 min", "3 d 4 h".
std::string span_text(double seconds);

/// The last `width` values as bars, the newest at the right; as high as the highest of them.
std::string bars(std::span<const double> values, std::size_t width, bool utf8);

/// Columns of a text whose characters are all narrow.
std::size_t columns(std::string_view text);

/// Exactly `width` columns: filled up, or cut with a mark.
std::string fitted(std::string_view text, std::size_t width, bool utf8);
/// The same with the text at the right.
std::string fitted_right(std::string_view text, std::size_t width, bool utf8);

}  // namespace tool
