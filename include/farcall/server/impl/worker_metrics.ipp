#pragma once

#include <farcall/server/worker_metrics.hpp>

namespace farcall::detail {

FARCALL_DECL worker_metrics::~worker_metrics() {
    for (std::size_t slot = 0; slot != slots_; ++slot) delete methods_[slot].load(std::memory_order_relaxed);
}

FARCALL_DECL method_counters& worker_metrics::first(std::size_t slot) {
    auto made = std::make_unique<method_counters>();
    methods_[slot].store(made.get(), std::memory_order_release);
    return *made.release();
}

}  // namespace farcall::detail
