#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "top_reading.hpp"

namespace tool {

/// What `farcall top` can be sorted by, in the order of its columns.
enum class top_column { method, rate, calls, failures, in_flight, middle, high };
inline constexpr int top_columns = 7;

/// One method, as it is shown. Times in microseconds; below zero: not known.
struct top_row {
    std::string method;
    double rate = 0;     ///< calls a second
    double failing = 0;  ///< failures a second
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t in_flight = 0;
    double p50 = -1, p99 = -1;                 ///< since the server's start
    double recent_p50 = -1, recent_p99 = -1;  ///< of the last seconds
    std::vector<double> past_rates{};          ///< one a second, the oldest first
    std::vector<double> past_failures{};
    std::vector<double> past_p99{};
};

/// All of them together.
struct top_totals {
    double rate = 0;
    double failing = 0;
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t in_flight = 0;
    std::vector<double> past_rates;
};

/// What is shown of one reading.
struct top_table {
    reading said;
    std::vector<top_row> rows;
    top_totals totals;
};

/// Makes tables of readings, one after the other.
///
/// Rates come from the server's history, so that the first table has them; from a server that keeps none, from the
/// difference to the reading before.
class top_tables {
public:
    /// Seconds of history to ask for, and those that count as recent.
    static constexpr int history_s = 120, recent_s = 10;

    /// @param taken  when it was read; later than the one before
    top_table next(reading said, std::chrono::steady_clock::time_point taken);

private:
    std::optional<reading> before_;
    std::chrono::steady_clock::time_point before_taken_{};
};

/// How the rows are chosen and ordered.
struct top_order {
    top_column column = top_column::rate;
    bool reversed = false;  ///< otherwise names from A, numbers from the largest
    bool recent = false;    ///< the columns of times are those of the last seconds
    std::string filter{};   ///< a part of the name, without regard to case
};

/// The rows to show, in their order; those that are equal by their names.
std::vector<const top_row*> arranged(const top_table& table, const top_order& order);

}  // namespace tool
