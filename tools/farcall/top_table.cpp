#include "top_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <farcall/detail/ascii.hpp>

namespace tool {

namespace {

using seconds = std::chrono::duration<double>;

/// The mean of the newest values: rates are shown for so many seconds.
double newest(const std::vector<double>& values, std::size_t count = 2) {
    count = std::min(count, values.size());
    if (count == 0) return 0;
    return std::accumulate(values.end() - static_cast<std::ptrdiff_t>(count), values.end(), 0.0) / static_cast<double>(count);
}

void add(std::vector<double>& to, const std::vector<double>& more) {
    // Both end now; what is longer has begun earlier.
    if (to.size() < more.size()) to.insert(to.begin(), more.size() - to.size(), 0.0);
    for (std::size_t i = 0; i != more.size(); ++i) to[to.size() - more.size() + i] += more[i];
}

/// The p50 in the middle and the highest p99 of the seconds that had calls.
void read_recent(top_row& row, const read_method_history& past) {
    if (!past.p50_us || !past.p99_us) return;
    const std::size_t size = std::min({past.calls.size(), past.p50_us->size(), past.p99_us->size()});
    std::vector<std::pair<double, double>> each;  // p50 and calls of a second
    double calls = 0;
    for (std::size_t back = 1; back <= std::min<std::size_t>(size, top_tables::recent_s); ++back) {
        const double count = past.calls[past.calls.size() - back];
        if (count <= 0) continue;
        calls += count;
        each.emplace_back((*past.p50_us)[past.p50_us->size() - back], count);
        row.recent_p99 = std::max(row.recent_p99, (*past.p99_us)[past.p99_us->size() - back]);
    }
    // Half of the calls are in seconds with a p50 that is not above it.
    std::sort(each.begin(), each.end());
    double before = 0;
    for (const auto& [p50, count] : each) {
        row.recent_p50 = p50;
        if ((before += count) * 2 >= calls) break;
    }
}

const read_method* find(const reading& said, const std::string& name) {
    const auto found =
        std::find_if(said.methods.begin(), said.methods.end(), [&](const read_method& each) { return each.method == name; });
    return found == said.methods.end() ? nullptr : &*found;
}

double key(const top_row& row, const top_order& order) {
    switch (order.column) {
        case top_column::rate: return row.rate;
        case top_column::calls: return static_cast<double>(row.calls);
        case top_column::failures: return static_cast<double>(row.failures);
        case top_column::in_flight: return static_cast<double>(row.in_flight);
        case top_column::middle: return order.recent ? row.recent_p50 : row.p50;
        case top_column::high: return order.recent ? row.recent_p99 : row.p99;
        case top_column::method: break;
    }
    return 0;
}

}  // namespace

top_table top_tables::next(reading said, std::chrono::steady_clock::time_point taken) {
    // A server that has started again counts from zero.
    if (before_ && before_->uptime_s > said.uptime_s) before_.reset();
    const double passed = before_ ? seconds{taken - before_taken_}.count() : 0;
    top_table made;
    for (const read_method& each : said.methods) {
        top_row row{.method = each.method, .calls = each.calls, .failures = each.failures,
                    .in_flight = each.in_flight.value_or(0)};
        if (each.latency_us && each.latency_us->count != 0) {
            row.p50 = each.latency_us->p50.value_or(-1);
            row.p99 = each.latency_us->p99.value_or(-1);
        }
        if (said.history) {
            if (const auto past = said.history->methods.find(each.method); past != said.history->methods.end()) {
                row.past_rates = past->second.calls;
                row.past_failures = past->second.failures;
                row.past_p99 = past->second.p99_us.value_or(std::vector<double>{});
                row.rate = newest(row.past_rates);
                row.failing = newest(row.past_failures);
                read_recent(row, past->second);
            }
        } else if (const read_method* const earlier = before_ ? find(*before_, each.method) : nullptr; earlier && passed > 0) {
            row.rate = static_cast<double>(each.calls - std::min(each.calls, earlier->calls)) / passed;
            row.failing = static_cast<double>(each.failures - std::min(each.failures, earlier->failures)) / passed;
        }
        made.totals.rate += row.rate;
        made.totals.failing += row.failing;
        made.totals.calls += row.calls;
        made.totals.failures += row.failures;
        made.totals.in_flight += row.in_flight;
        add(made.totals.past_rates, row.past_rates);
        made.rows.push_back(std::move(row));
    }
    before_ = said;
    before_->history.reset();
    before_taken_ = taken;
    made.said = std::move(said);
    return made;
}

std::vector<const top_row*> arranged(const top_table& table, const top_order& order) {
    const std::string wanted = farcall::detail::lower_case(order.filter);
    std::vector<const top_row*> rows;
    for (const top_row& each : table.rows)
        if (farcall::detail::lower_case(each.method).find(wanted) != std::string::npos) rows.push_back(&each);
    std::sort(rows.begin(), rows.end(), [&](const top_row* a, const top_row* b) {
        const double first = key(*a, order), second = key(*b, order);
        if (first != second) return order.reversed ? first < second : first > second;
        const bool names_turned = order.reversed && order.column == top_column::method;
        return names_turned ? a->method > b->method : a->method < b->method;
    });
    return rows;
}

}  // namespace tool
