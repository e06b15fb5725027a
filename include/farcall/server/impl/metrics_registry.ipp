#pragma once

#include <algorithm>

#include <farcall/server/metrics_registry.hpp>

namespace farcall::detail {

FARCALL_DECL void metrics_registry::open(const dispatcher& methods, std::size_t workers, const clock_source& time) {
    methods_ = &methods;
    started_ = time.now();
    started_wall_ = time.wall();
    for (std::size_t i = 0; i != workers; ++i) workers_.push_back(std::make_unique<worker_metrics>(methods.size()));
}

FARCALL_DECL method_metrics metrics_registry::read_method(std::string_view name, std::size_t slot) const {
    method_metrics sum;
    sum.method = name;
    for (const auto& worker : workers_) {
        sum.in_flight += worker->runs(slot) ? 1 : 0;
        const method_counters* const counts = worker->method(slot);
        if (counts == nullptr) continue;
        for (std::size_t code = 0; code != status_count; ++code) sum.outcomes.counts[code] += counts->outcomes[code].get();
        sum.latency += counts->latency.read();
        sum.queue += counts->queue.read();
        sum.bytes_in += counts->bytes_in.get();
        sum.bytes_out += counts->bytes_out.get();
        sum.in_flight += counts->in_flight.get();
    }
    // Each call is in the histogram, only failures are elsewhere. Those were read first, and what a call changes may be
    // seen in another order all the same.
    sum.failures = sum.outcomes.failures();
    sum.calls = std::max(sum.latency.count(), sum.failures);
    sum.outcomes[status::ok] = sum.calls - sum.failures;
    return sum;
}

FARCALL_DECL server_metrics metrics_registry::read(time_point now) const {
    server_metrics made;
    if (methods_ == nullptr) return made;
    made.uptime = now - started_;
    made.started = started_wall_;
    for (const method_entry* each : methods_->sorted())
        made.methods.push_back(read_method(each->info->wire_name, worker_metrics::first_method + each->number));
    made.unknown_methods = read_method("(unknown)", worker_metrics::unknown_slot);
    made.reserved_methods = read_method("(reserved)", worker_metrics::reserved_slot);
    for (const auto& worker : workers_) {
        made.protocol_errors += worker->protocol_errors();
        made.late += worker->late();
        made.replayed += worker->replayed();
        made.repeated += worker->repeated();
    }
    return made;
}

}  // namespace farcall::detail
