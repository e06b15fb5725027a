#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>

namespace farcall {

namespace detail {

template <class Counter>
class basic_histogram;

/// @{ Where a duration is counted: up to 31 ns exactly, above that in sixteen buckets an octave, each 3 to 6 per cent
/// wide; from 73 minutes on in the last one.
inline constexpr std::size_t duration_buckets = 624;

constexpr std::size_t duration_bucket(std::uint64_t ns) noexcept {
    const auto shift = static_cast<unsigned>(std::bit_width(ns | 31)) - 5;
    return std::min<std::size_t>((std::size_t{shift} << 4) + static_cast<std::size_t>(ns >> shift), duration_buckets - 1);
}
/// The least duration of a bucket; that of the one behind the last is where the last would end.
constexpr std::uint64_t bucket_begin(std::size_t bucket) noexcept {
    if (bucket < 32) return bucket;
    return (std::uint64_t{bucket % 16} + 16) << (bucket / 16 - 1);
}
/// @}

}  // namespace detail

/// How many durations were measured, and how long they were; a copy that no longer changes.
///
/// Count, sum, shortest and longest are exact; what lies between is known to a few per cent.
/// @par Thread safety  Distinct objects: safe. Shared objects: safe to read.
/// @see HdrHistogram, http://hdrhistogram.org, whose buckets these are
class distribution {
public:
    /// What durations are counted in.
    using nanoseconds = std::chrono::nanoseconds;

    /// How many were measured.
    std::uint64_t count() const noexcept { return count_; }
    /// All together.
    nanoseconds sum() const noexcept { return nanoseconds{sum_}; }
    /// @{ Zero if there is none.
    nanoseconds min() const noexcept { return nanoseconds{count_ == 0 ? 0 : min_}; }
    nanoseconds max() const noexcept { return nanoseconds{max_}; }
    nanoseconds mean() const noexcept {
        return nanoseconds{count_ == 0 ? 0 : sum_ / static_cast<std::int64_t>(count_)};
    }
    /// @}

    /// The duration that a share of them does not exceed: `quantile(0.99)` is exceeded by one of a hundred.
    /// @param share  from 0 to 1
    /// @returns zero if there is none
    FARCALL_DECL nanoseconds quantile(double share) const noexcept;

    /// How many are not above `bound`; those that share a bucket with it count as above.
    FARCALL_DECL std::uint64_t at_most(nanoseconds bound) const noexcept;

    /// Adds what was measured elsewhere.
    FARCALL_DECL distribution& operator+=(const distribution& other);

    /// What was measured between `earlier`, a copy of the same histogram, and this copy. Shortest and longest are known as
    /// well as the buckets tell.
    FARCALL_DECL distribution since(const distribution& earlier) const;

private:
    template <class Counter>
    friend class detail::basic_histogram;

    std::vector<std::uint64_t> buckets_;  ///< without the empty ones behind the last that is not
    std::uint64_t count_ = 0;
    std::int64_t sum_ = 0;
    std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
    std::int64_t max_ = 0;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/observe/impl/distribution.ipp>
#endif
