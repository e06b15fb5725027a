#pragma once

#include <cmath>

#include <farcall/observe/distribution.hpp>

namespace farcall {

FARCALL_DECL distribution::nanoseconds distribution::quantile(double share) const noexcept {
    if (count_ == 0) return nanoseconds{0};
    const auto wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
    const std::uint64_t rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
    if (rank == 1) return min();
    if (rank == count_) return max();
    std::uint64_t before = 0;
    std::size_t at = 0;
    while (before + buckets_[at] < rank) before += buckets_[at++];
    // As if those of one bucket were spread evenly over it.
    const auto begin = static_cast<double>(detail::bucket_begin(at));
    const auto width = static_cast<double>(detail::bucket_begin(at + 1)) - begin;
    const double place = (static_cast<double>(rank - before) - 0.5) / static_cast<double>(buckets_[at]);
    return nanoseconds{std::clamp(static_cast<std::int64_t>(begin + place * width), min_, max_)};
}

FARCALL_DECL std::uint64_t distribution::at_most(nanoseconds bound) const noexcept {
    if (bound.count() < 0) return 0;
    // Durations are whole nanoseconds, so that a bucket ends one before the next begins.
    const auto behind = static_cast<std::uint64_t>(bound.count()) + 1;
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at != buckets_.size() && detail::bucket_begin(at + 1) <= behind; ++at)
        if (at + 1 != detail::duration_buckets) sum += buckets_[at];
    return sum;
}

FARCALL_DECL distribution& distribution::operator+=(const distribution& other) {
    if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
    for (std::size_t at = 0; at != other.buckets_.size(); ++at) buckets_[at] += other.buckets_[at];
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    return *this;
}

FARCALL_DECL distribution distribution::since(const distribution& earlier) const {
    distribution made;
    made.buckets_ = buckets_;
    for (std::size_t at = 0; at != std::min(buckets_.size(), earlier.buckets_.size()); ++at)
        made.buckets_[at] -= earlier.buckets_[at];
    made.count_ = count_ - earlier.count_;
    made.sum_ = sum_ - earlier.sum_;
    for (std::size_t at = 0; at != made.buckets_.size(); ++at) {
        if (made.buckets_[at] == 0) continue;
        made.min_ = std::min(made.min_, static_cast<std::int64_t>(detail::bucket_begin(at)));
        made.max_ = static_cast<std::int64_t>(detail::bucket_begin(at + 1)) - 1;
    }
    if (made.count_ != 0) {
        made.min_ = std::max(made.min_, min_);
        made.max_ = std::min(made.max_, max_);
    }
    return made;
}

}  // namespace farcall
