#include "top_screen.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "output.hpp"
#include "top_format.hpp"

namespace tool {

namespace {

enum class look { plain, bold, dim, bad, warn, good, turned };

/// One line: as long as the terminal is wide, at most.
class line {
public:
    explicit line(const top_style& style) : style_(style) {}

    line& add(std::string_view text, look as = look::plain) {
        const std::size_t room = style_.width - used_;
        if (room == 0 || text.empty()) return *this;
        const std::size_t wide = columns(text);
        const std::string shown = wide > room ? fitted(text, room, style_.utf8) : std::string{text};
        used_ += std::min(wide, room);
        if (as == look::plain || !style_.escapes)
            out_ += shown;
        else
            out_.append(start(as)).append(shown).append("\x1b[0m");
        return *this;
    }
    /// The same at the right edge, if there is room for it.
    line& add_right(std::string_view text, look as = look::plain) {
        const std::size_t wide = columns(text);
        if (used_ + wide + 1 > style_.width) return *this;
        return add(std::string(style_.width - used_ - wide, ' ')).add(text, as);
    }
    line& fill(look as) { return add(std::string(style_.width - used_, ' '), as); }
    std::string text() const { return out_; }

private:
    std::string_view start(look as) const {
        if (!style_.colours && (as == look::bad || as == look::warn)) as = look::bold;
        if (!style_.colours && as == look::good) as = look::plain;
        switch (as) {
            case look::bold: return "\x1b[1m";
            case look::dim: return "\x1b[2m";
            case look::bad: return "\x1b[1;31m";
            case look::warn: return "\x1b[33m";
            case look::good: return "\x1b[32m";
            case look::turned: return "\x1b[7m";
            case look::plain: break;
        }
        return "";
    }

    const top_style& style_;
    std::string out_;
    std::size_t used_ = 0;
};

/// Widths of the columns for a terminal; zero: there is no room for it.
struct layout {
    static constexpr std::size_t gap = 1;

    explicit layout(std::size_t width) {
        std::size_t numbers = 0;
        for (const std::size_t each : number) numbers += each + gap;
        // Names come first, then the bars; what says least goes first.
        constexpr std::size_t short_name = 16, good_name = 22, long_name = 40, longest_chart = 60;
        for (const top_column each : {top_column::middle, top_column::in_flight, top_column::calls, top_column::high,
                                      top_column::failures, top_column::rate}) {
            if (width >= numbers + short_name) break;
            numbers -= of(each) + gap;
            number[static_cast<std::size_t>(each)] = 0;
        }
        const std::size_t rest = width - std::min(width, numbers);
        method = std::min(rest, std::max(good_name, std::min(long_name, rest / 2)));
        const std::size_t left = rest - method;
        if (left > 6) chart = std::min(left - gap, longest_chart);
    }

    std::size_t of(top_column column) const { return number[static_cast<std::size_t>(column)]; }

    std::size_t method = 0;
    std::size_t chart = 0;
    std::array<std::size_t, top_columns> number{0, 7, 7, 7, 5, 6, 6};  ///< by column; that of names is `method`
};

constexpr std::size_t lines_above = 6;  ///< of the rows: what is said of the server, and the titles
constexpr std::size_t lines_below = 1;

std::string server_line(const top_table& table, const top_view& view) {
    const std::string title = table.said.title.value_or("");
    std::string text = title.empty() ? view.url : printable(title);
    if (table.said.version && !title.empty()) text += " " + printable(*table.said.version);
    return text;
}

std::string first_line(const top_table& table, const top_view& view, const top_style& style) {
    line out{style};
    const bool titled = !table.said.title.value_or("").empty();
    out.add(server_line(table, view), look::bold);
    if (titled) out.add("  " + view.url, look::dim);
    return out.add_right("up " + span_text(table.said.uptime_s), look::dim).text();
}

std::string rates_line(const top_table& table, const top_style& style) {
    const top_totals& all = table.totals;
    line out{style};
    out.add("calls/s ").add(fitted_right(rate_text(all.rate), 7, style.utf8), look::bold).add("  ");
    out.add(bars(all.past_rates, std::min<std::size_t>(20, style.width / 4), style.utf8), look::good);
    out.add("  failing/s ").add(rate_text(all.failing), all.failing > 0 ? look::bad : look::bold);
    out.add("  in flight ").add(count_text(static_cast<double>(all.in_flight)), look::bold);
    return out.text();
}

std::string counted(std::uint64_t value) { return count_text(static_cast<double>(value)); }

std::string connections_line(const top_table& table, const top_style& style) {
    line out{style};
    if (const auto& there = table.said.connections) {
        std::uint64_t all = 0;
        std::string kinds;
        for (const auto& [kind, count] : there->open) {
            all += count;
            if (count != 0) kinds += (kinds.empty() ? " (" : ", ") + counted(count) + ' ' + printable(kind);
        }
        out.add("connections ").add(counted(all), look::bold).add(kinds.empty() ? "" : kinds + ')');
    }
    if (const auto& pool = table.said.workers) {
        out.add("  workers ").add(counted(pool->busy) + '/' + counted(pool->threads),
                                  pool->busy == pool->threads && pool->threads != 0 ? look::warn : look::bold);
        if (pool->queue != 0) out.add(" + " + counted(pool->queue) + " waiting", look::warn);
    }
    return out.text();
}

/// What has gone wrong since the start, if anything has.
std::string troubles_line(const top_table& table, const top_style& style) {
    line out{style};
    const auto& said = table.said;
    std::vector<std::pair<std::string, std::uint64_t>> troubles{
        {"failed", table.totals.failures},
        {"of unknown methods", said.unknown_methods ? said.unknown_methods->calls : 0},
        {"protocol errors", said.protocol_errors.value_or(0)},
        {"too late", said.late.value_or(0)},
        {"answered again", said.replayed.value_or(0)},
        {"connections refused", said.connections ? said.connections->refused.value_or(0) : 0},
    };
    if (said.refusals)
        for (const auto& [limit, count] : *said.refusals)
            if (limit != "connections") troubles.emplace_back("over limit " + printable(limit), count);
    out.add("since start ").add(counted(table.totals.calls), look::bold).add(" calls");
    for (const auto& [what, count] : troubles)
        if (count != 0) out.add(", ").add(counted(count), look::warn).add(' ' + what);
    return out.text();
}

std::string_view name_of(top_column column) {
    constexpr std::array<std::string_view, top_columns> names{"METHOD", "CALLS/S", "CALLS", "FAILED", "BUSY", "P50", "P99"};
    return names[static_cast<std::size_t>(column)];
}

std::string titles_line(const top_view& view, const top_style& style, const layout& wide) {
    line out{style};
    const auto title = [&](top_column column) {
        const bool names = column == top_column::method;
        const std::size_t width = names ? wide.method : wide.of(column);
        if (width == 0) return;
        std::string text{name_of(column)};
        if (view.order.column == column) {
            const bool up = view.order.reversed != (column == top_column::method);
            text.insert(0, style.utf8 ? (up ? "▲" : "▼") : (up ? "^" : "v"));
        }
        // The mark may stand in the gap before the column.
        out.add(names ? fitted(text, width, style.utf8) : fitted_right(text, width + layout::gap, style.utf8), look::turned);
    };
    for (int i = 0; i != top_columns; ++i) title(static_cast<top_column>(i));
    if (wide.chart != 0) {
        constexpr std::array<std::string_view, top_charts> what{"calls/s", "failures/s", "p99"};
        const std::string name{what[static_cast<std::size_t>(view.chart)]};
        const std::string last = "last " + std::to_string(wide.chart) + " s";
        const bool both = columns(name) + columns(last) + 2 <= wide.chart;
        out.add(' ' + fitted_right(both ? name + ", " + last : name, wide.chart, style.utf8), look::turned);
    }
    return out.fill(look::turned).text();
}

const std::vector<double>& past_of(const top_row& row, top_chart chart) {
    return chart == top_chart::rate ? row.past_rates : chart == top_chart::failures ? row.past_failures : row.past_p99;
}

std::string row_line(const top_row& row, const top_view& view, const top_style& style, const layout& wide) {
    line out{style};
    const bool idle = row.rate <= 0 && row.in_flight == 0;
    const look base = idle ? look::dim : look::plain;
    const auto number = [&](const std::string& text, top_column column, look as) {
        if (wide.of(column) != 0) out.add(' ' + fitted_right(text, wide.of(column), style.utf8), as);
    };
    out.add(fitted(printable(row.method), wide.method, style.utf8), idle ? look::dim : look::bold);
    number(rate_text(row.rate), top_column::rate, base);
    number(counted(row.calls), top_column::calls, base);
    number(counted(row.failures), top_column::failures, row.failing > 0 ? look::bad : row.failures != 0 ? look::warn : base);
    number(counted(row.in_flight), top_column::in_flight, base);
    const bool recent = view.order.recent;
    number(time_text(recent ? row.recent_p50 : row.p50, style.utf8), top_column::middle, base);
    number(time_text(recent ? row.recent_p99 : row.p99, style.utf8), top_column::high, base);
    const look bar = view.chart == top_chart::failures ? look::bad : look::good;
    if (wide.chart != 0) out.add(" ").add(bars(past_of(row, view.chart), wide.chart, style.utf8), bar);
    return out.text();
}

std::string state_line(const top_view& view, const top_style& style, std::size_t shown, std::size_t all) {
    line out{style};
    if (view.typing) {
        out.add("filter: ", look::bold).add(view.order.filter).add(style.utf8 ? "█" : "_");
        return out.add_right("Enter keeps it, Esc drops it", look::dim).text();
    }
    if (!view.problem.empty()) out.add(printable(view.problem), look::bad).add("  ");
    if (view.paused) out.add("paused", look::warn).add("  ");
    if (!view.order.filter.empty())
        out.add("filter: " + view.order.filter, look::warn).add(" (" + std::to_string(shown) + " of " + std::to_string(all) + ")  ");
    if (view.order.recent) out.add("times of the last " + std::to_string(top_tables::recent_s) + " s", look::warn).add("  ");
    out.add("q quit  s sort  r reverse  / filter  l latency  b bars  space pause  ? help", look::dim);
    return out.text();
}

std::vector<std::string> help_lines(const top_view& view, const top_style& style) {
    const std::array<std::pair<std::string_view, std::string_view>, 12> keys{{
        {"s  S", "sort by the next column, by the one before"},
        {"r", "turn the order around"},
        {"/", "show only methods whose names contain what you type; Esc drops it"},
        {"l", "times (P50, P99) since the start, or of the last 10 s"},
        {"b", "bars show calls a second, failures a second, or P99"},
        {"space", "pause, go on"},
        {"+  -", "ask less often, more often"},
        {"arrows", "move through the methods; PgUp, PgDn, Home, End, too"},
        {"?  h", "this help"},
        {"q", "quit"},
        {"", ""},
        {"BUSY", "calls that have come and are not answered yet"},
    }};
    std::vector<std::string> out;
    out.push_back(line{style}.add("farcall top", look::bold).add("  " + view.url + ", every ").add(
        std::to_string(view.interval.count()) + " ms").text());
    out.emplace_back();
    for (const auto& [key, what] : keys)
        out.push_back(line{style}.add("  " + fitted(key, 9, style.utf8), look::bold).add(what).text());
    return out;
}

}  // namespace

std::size_t top_page(const top_style& style) {
    return style.height > lines_above + lines_below ? style.height - lines_above - lines_below : 1;
}

std::vector<std::string> top_screen(const top_table& table, const top_view& view, const top_style& style) {
    const bool all_rows = style.height == 0;
    std::vector<std::string> out;
    const std::vector<const top_row*> rows = arranged(table, view.order);
    if (view.help) {
        out = help_lines(view, style);
    } else {
        const layout wide{style.width};
        out = {first_line(table, view, style), rates_line(table, style), connections_line(table, style),
               troubles_line(table, style), "", titles_line(view, style, wide)};
        const std::size_t room = all_rows ? rows.size() : top_page(style);
        const std::size_t first = std::min(view.first, rows.size() > room ? rows.size() - room : 0);
        for (std::size_t i = first; i < std::min(rows.size(), first + room); ++i)
            out.push_back(row_line(*rows[i], view, style, wide));
        if (rows.empty())
            out.push_back(line{style}.add(table.rows.empty() ? "the server has no methods" : "no method is so named",
                                          look::dim).text());
    }
    if (all_rows) return out;
    out.resize(style.height - lines_below);
    out.push_back(state_line(view, style, rows.size(), table.rows.size()));
    return out;
}

}  // namespace tool
