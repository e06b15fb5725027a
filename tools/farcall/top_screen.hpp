#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "top_table.hpp"

namespace tool {

/// What the column of bars shows of the last seconds.
enum class top_chart { rate, failures, p99 };
inline constexpr int top_charts = 3;

/// What decides about the screen besides the numbers.
struct top_view {
    std::string url{};
    top_order order{};
    top_chart chart = top_chart::rate;
    std::size_t first = 0;  ///< row at the top; more than there is shows the last ones
    std::chrono::milliseconds interval{1'000};
    bool paused = false;
    bool help = false;
    bool typing = false;    ///< keys go to the filter
    std::string problem{};  ///< why there are no new numbers; empty: there are
};

/// What the terminal can do.
struct top_style {
    std::size_t width = 80;
    std::size_t height = 24;  ///< zero: as many lines as there are rows, and no line for keys
    bool escapes = true;      ///< whether escape sequences may be written at all
    bool colours = true;      ///< whether some of them are colours
    bool utf8 = true;
};

/// The lines of the screen, from the top, none wider than the terminal.
std::vector<std::string> top_screen(const top_table& table, const top_view& view, const top_style& style);

/// Rows of methods that fit on a screen.
std::size_t top_page(const top_style& style);

}  // namespace tool
