#pragma once

#include <algorithm>

#include <farcall/server/metrics_history.hpp>

namespace farcall::detail {

FARCALL_DECL void metrics_history::begin(std::uint64_t second, std::uint64_t connections) {
    // Seconds without a sample, because no thread came by: nothing ended in them that is known of.
    for (std::uint64_t passed = std::max(until_ + 1, second - std::min<std::uint64_t>(second, kept - 1)); passed <= second;
         ++passed) {
        connections_[place(passed)] = static_cast<std::uint32_t>(connections);
        for (const auto& method : methods_)
            if (method) method->seconds[place(passed)] = {};
    }
    until_ = second;
}

FARCALL_DECL void metrics_history::sample(std::size_t method, const distribution& latency, std::uint64_t failures) {
    std::unique_ptr<ring>& kept_of = methods_[method];
    if (latency.count() == (kept_of ? kept_of->before.count() : 0)) return;
    if (!kept_of) kept_of = std::make_unique<ring>();
    const distribution between = latency.since(kept_of->before);
    const auto us = [](std::chrono::nanoseconds time) { return static_cast<float>(time.count()) / 1000; };
    kept_of->seconds[place(until_)] = {static_cast<std::uint32_t>(between.count()),
                                       static_cast<std::uint32_t>(failures - kept_of->failures_before),
                                       us(between.mean()), us(between.quantile(0.5)), us(between.quantile(0.99))};
    kept_of->before = latency;
    kept_of->failures_before = failures;
    kept_of->last = until_;
}

FARCALL_DECL second_of_calls metrics_history::at(std::size_t method, std::size_t size, std::size_t at) const {
    return methods_[method] ? methods_[method]->seconds[place(until_ - size + at + 1)] : second_of_calls{};
}

}  // namespace farcall::detail
