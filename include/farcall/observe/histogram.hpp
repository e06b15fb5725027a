#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

#include <farcall/detail/config.hpp>
#include <farcall/observe/counter.hpp>
#include <farcall/observe/distribution.hpp>

namespace farcall::detail {

/// Durations, counted by one thread where they were measured; 5 KB.
///
/// @par Thread safety  `record` belongs to one thread, or to one after another in order; `read` is safe.
class histogram {
public:
    /// Counts one; less than nothing is nothing.
    void record(std::chrono::nanoseconds measured) noexcept {
        const std::int64_t ns = measured.count() < 0 ? 0 : measured.count();
        buckets_[duration_bucket(static_cast<std::uint64_t>(ns))].add();
        sum_.add(static_cast<std::uint64_t>(ns));
        if (ns < min_.load(std::memory_order_relaxed)) min_.store(ns, std::memory_order_relaxed);
        if (ns > max_.load(std::memory_order_relaxed)) max_.store(ns, std::memory_order_relaxed);
    }

    /// A copy. While `record` runs, the last few may be missing from some of its numbers.
    FARCALL_DECL distribution read() const;

private:
    std::array<counter, duration_buckets> buckets_{};
    counter sum_;
    std::atomic<std::int64_t> min_{std::numeric_limits<std::int64_t>::max()};
    std::atomic<std::int64_t> max_{0};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/histogram.ipp>
#endif
