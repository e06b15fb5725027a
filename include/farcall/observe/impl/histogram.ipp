#pragma once

#include <farcall/observe/histogram.hpp>

namespace farcall::detail {

FARCALL_DECL distribution histogram::read() const {
    distribution made;
    const std::int64_t longest = max_.load(std::memory_order_relaxed);
    made.min_ = min_.load(std::memory_order_relaxed);
    if (made.min_ > longest) return made;
    // Nothing is counted behind the longest, nor before the shortest.
    made.buckets_.resize(duration_bucket(static_cast<std::uint64_t>(longest)) + 1);
    for (std::size_t at = duration_bucket(static_cast<std::uint64_t>(made.min_)); at != made.buckets_.size(); ++at)
        made.count_ += made.buckets_[at] = buckets_[at].get();
    made.sum_ = static_cast<std::int64_t>(sum_.get());
    made.max_ = longest;
    return made;
}

}  // namespace farcall::detail
