#pragma once

#include <chrono>

#include <farcall/server/metrics_registry.hpp>

namespace farcall::detail {

FARCALL_DECL void metrics_registry::open(const dispatcher& methods, std::size_t workers, const clock_source& time) {
    methods_ = methods.sorted();
    started_ = time.now();
    started_wall_ = time.wall();
    for (std::size_t i = 0; i != workers; ++i) workers_.push_back(std::make_unique<worker_metrics>(methods.size()));
    history_ = std::make_unique<metrics_history>(methods.size());
    next_sample_ = started_ + std::chrono::seconds{1};
    counts_.store(true, std::memory_order_release);
}

FARCALL_DECL method_metrics metrics_registry::read_method(std::string_view name, std::size_t slot) const {
    method_metrics sum;
    sum.method = name;
    for (const auto& worker : workers_) {
        sum.in_flight += worker->runs(slot) ? 1 : 0;
        const method_counters* const counts = worker->method(slot);
        if (counts == nullptr) continue;
        counts->outcomes.add_to(sum.outcomes);
        sum.latency += counts->latency.read();
        sum.queue += counts->queue.read();
        sum.bytes_in += counts->bytes_in.get();
        sum.bytes_out += counts->bytes_out.get();
        sum.in_flight += counts->in_flight.get();
    }
    // Not of what else a call changes: that may be seen in another order, and a sum of what only grows only grows.
    sum.failures = sum.outcomes.failures();
    sum.calls = sum.outcomes.total();
    return sum;
}

FARCALL_DECL server_metrics metrics_registry::read(time_point now) const {
    server_metrics made;
    if (!counts()) return made;
    made.uptime = now - started_;
    made.started = started_wall_;
    for (const method_entry* each : methods_)
        made.methods.push_back(read_method(each->info->wire_name, worker_metrics::first_method + each->number));
    made.unknown_methods = read_method("(unknown)", worker_metrics::unknown_slot);
    made.reserved_methods = read_method("(reserved)", worker_metrics::reserved_slot);
    for (const auto& worker : workers_) {
        made.protocol_errors += worker->protocol_errors();
        made.late += worker->late();
        made.replayed += worker->replayed();
        made.repeated += worker->repeated();
        for (const connection_protocol which : connection_protocols) {
            made.connections[which] += worker->open(which);
            made.connections_total[which] += worker->total(which);
        }
    }
    for (std::size_t i = 0; i != limit_count; ++i)
        made.refusals.push_back({to_string(static_cast<limit_name>(i)), hits_[i].load(std::memory_order_relaxed)});
    for (const auto limit : {limit_name::connections, limit_name::connections_per_peer})
        made.connections_refused += made.refusals[static_cast<std::size_t>(limit)].refused;
    return made;
}

FARCALL_DECL std::uint64_t metrics_registry::open_connections() const {
    std::uint64_t sum = 0;
    for (const auto& worker : workers_)
        for (const connection_protocol which : connection_protocols) sum += worker->open(which);
    return sum;
}

FARCALL_DECL void metrics_registry::sample(time_point now) {
    if (now < next_sample()) return;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    // Another thread is at it, or has been since.
    if (!lock || now < next_sample()) return;
    const auto second = std::chrono::floor<std::chrono::seconds>(now - started_);
    next_sample_.store(started_ + second + std::chrono::seconds{1}, std::memory_order_relaxed);
    history_->begin(static_cast<std::uint64_t>(second.count()), open_connections());
    for (const method_entry* each : methods_) {
        distribution latency;
        outcome_counts outcomes;
        for (const auto& worker : workers_) {
            const method_counters* const counts = worker->method(worker_metrics::first_method + each->number);
            if (counts == nullptr) continue;
            counts->outcomes.add_to(outcomes);
            latency += counts->latency.read();
        }
        history_->sample(each->number, latency, outcomes.failures());
    }
}

}  // namespace farcall::detail
