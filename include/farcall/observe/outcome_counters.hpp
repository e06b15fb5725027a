#pragma once

#include <array>
#include <cstddef>

#include <farcall/observe/counter.hpp>
#include <farcall/observe/outcome_counts.hpp>

namespace farcall::detail {

/// How often calls ended with each status, counted where they end.
///
/// @tparam Counter  `counter` or `shared_counter`: whether one thread counts, or many
/// @par Thread safety  `add` is as safe as `Counter::add`; `add_to` is safe.
template <class Counter>
class basic_outcome_counters {
public:
    /// Counts one call.
    void add(status end) noexcept { counts_[outcome_of(end)].add(); }

    /// Adds what was counted until now.
    void add_to(outcome_counts& sum) const noexcept {
        for (std::size_t code = 0; code != status_count; ++code) sum.counts[code] += counts_[code].get();
    }

private:
    std::array<Counter, status_count> counts_{};
};

/// Those of one thread.
using outcome_counters = basic_outcome_counters<counter>;
/// Those of many.
using shared_outcome_counters = basic_outcome_counters<shared_counter>;

}  // namespace farcall::detail
