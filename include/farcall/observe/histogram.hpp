#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include <farcall/detail/chrono.hpp>
#include <farcall/observe/counter.hpp>
#include <farcall/observe/distribution.hpp>

namespace farcall::detail {

/// Durations, counted where they are measured; 5 KB.
///
/// @tparam Counter  `counter` or `shared_counter`: whether one thread records, or many
/// @par Thread safety  `record` is as safe as `Counter::add`; `read` is safe.
template <class Counter>
class basic_histogram {
public:
    /// Counts one; less than nothing is nothing.
    void record(std::chrono::nanoseconds measured) noexcept {
        const auto ns = static_cast<std::uint64_t>(measured.count() < 0 ? 0 : measured.count());
        buckets_[duration_bucket(ns)].add();
        sum_.add(ns);
        min_.lower(ns);
        max_.raise(ns);
    }

    /// A copy. While `record` runs, the last few may be missing from some of its numbers.
    distribution read() const {
        distribution made;
        const std::uint64_t longest = max_.get();
        const std::uint64_t shortest = min_.get();
        if (shortest > longest) return made;
        // Nothing is counted behind the longest, nor before the shortest.
        made.buckets_.resize(duration_bucket(longest) + 1);
        for (std::size_t at = duration_bucket(shortest); at != made.buckets_.size(); ++at)
            made.count_ += made.buckets_[at] = buckets_[at].get();
        made.sum_ = static_cast<std::int64_t>(sum_.get());
        made.min_ = static_cast<std::int64_t>(shortest);
        made.max_ = static_cast<std::int64_t>(longest);
        return made;
    }

private:
    std::array<Counter, duration_buckets> buckets_{};
    Counter sum_;
    Counter min_{std::numeric_limits<std::uint64_t>::max()};
    Counter max_;
};

/// That of one thread.
using histogram = basic_histogram<counter>;
/// That of many.
using shared_histogram = basic_histogram<shared_counter>;

}  // namespace farcall::detail
