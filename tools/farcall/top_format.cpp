#include "top_format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace tool {

namespace {

std::string printed(const char* form, double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), form, value);
    return text.data();
}

/// Three figures of a number from 1 to 999.
std::string three_figures(double value) {
    return printed(value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f", value);
}

/// With a space between groups of three digits.
std::string grouped(double value) {
    std::string text = printed("%.0f", value);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ' ');
    return text;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

/// The beginning of a text that takes so many columns.
std::string_view cut(std::string_view text, std::size_t width) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if (!continues(text[at]) && width-- == 0) break;
    return text.substr(0, at);
}

std::string shortened(std::string_view text, std::size_t width, bool utf8) {
    if (columns(text) <= width) return std::string{text};
    if (width == 0) return {};
    return std::string{cut(text, width - 1)} + (utf8 ? "…" : "~");
}

}  // namespace

std::string count_text(double count) {
    if (count < 999'999.5) return grouped(count);
    for (const auto& [unit, sign] : {std::pair{1e6, "M"}, std::pair{1e9, "G"}, std::pair{1e12, "T"}})
        if (count < unit * 999.5) return three_figures(count / unit) + sign;
    return printed("%.1e", count);
}

std::string rate_text(double per_second) {
    if (per_second <= 0) return "0";
    if (per_second < 0.995) return printed("%.2f", std::max(per_second, 0.01));
    if (per_second < 9.95) return printed("%.1f", per_second);
    return count_text(per_second);
}

std::string time_text(double microseconds, bool utf8) {
    if (microseconds < 0) return "-";
    if (microseconds < 9.95) return printed("%.1f", microseconds) + (utf8 ? "µs" : "us");
    if (microseconds < 999.5) return printed("%.0f", microseconds) + (utf8 ? "µs" : "us");
    if (microseconds < 999.5e3) return three_figures(microseconds / 1e3) + "ms";
    if (microseconds < 999.5e6) return three_figures(microseconds / 1e6) + "s";
    return count_text(microseconds / 60e6) + "m";
}

std::string span_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::max(seconds, 0.0));
    const auto two = [](std::uint64_t large, const char* unit, std::uint64_t small, const char* smaller) {
        return std::to_string(large) + ' ' + unit + (small == 0 ? "" : ' ' + std::to_string(small) + ' ' + smaller);
    };
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3'600) return two(whole / 60, "min", whole % 60, "s");
    if (whole < 86'400) return two(whole / 3'600, "h", whole / 60 % 60, "min");
    return two(whole / 86'400, "d", whole / 3'600 % 24, "h");
}

std::string bars(std::span<const double> values, std::size_t width, bool utf8) {
    constexpr std::array<const char*, 9> blocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    constexpr std::string_view signs = " .:-=+*#@";
    const std::size_t count = std::min(values.size(), width);
    const auto shown = values.last(count);
    const double highest = shown.empty() ? 0 : *std::max_element(shown.begin(), shown.end());
    std::string out(width - count, ' ');
    for (const double each : shown) {
        const double share = highest > 0 ? std::max(each, 0.0) / highest : 0;
        const auto level = static_cast<std::size_t>(std::ceil(share * 8));
        if (utf8)
            out += blocks[std::min<std::size_t>(level, 8)];
        else
            out += signs[std::min<std::size_t>(level, 8)];
    }
    return out;
}

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string fitted(std::string_view text, std::size_t width, bool utf8) {
    std::string out = shortened(text, width, utf8);
    out.append(width - columns(out), ' ');
    return out;
}

std::string fitted_right(std::string_view text, std::size_t width, bool utf8) {
    const std::string out = shortened(text, width, utf8);
    return std::string(width - columns(out), ' ') + out;
}

}  // namespace tool
