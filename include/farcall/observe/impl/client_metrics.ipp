#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include <farcall/observe/client_metrics.hpp>
#include <farcall/observe/outcome_counters.hpp>
#include <farcall/observe/prometheus_writer.hpp>

namespace farcall {

struct client_metrics::entry {
    explicit entry(std::string_view method) : name(method) {}

    const std::string name;
    entry* next = nullptr;  ///< set before others see it
    detail::shared_histogram latency{};
    detail::shared_histogram server_time{};
    detail::shared_histogram network_time{};
    detail::shared_outcome_counters outcomes{};
    detail::shared_counter attempts{};
    detail::shared_counter retries{};
    detail::shared_counter hedges{};
    detail::shared_counter bytes_in{};
    detail::shared_counter bytes_out{};
};

FARCALL_DECL client_metrics::~client_metrics() {
    for (auto& first : methods_)
        for (entry* each = first.load(std::memory_order_relaxed); each != nullptr;)
            delete std::exchange(each, each->next);
}

FARCALL_DECL client_metrics::entry& client_metrics::of(std::string_view method) {
    std::atomic<entry*>& place = methods_[std::hash<std::string_view>{}(method) % places];
    entry* first = place.load(std::memory_order_acquire);
    const auto find = [&](entry* from, const entry* until) -> entry* {
        for (; from != until; from = from->next)
            if (from->name == method) return from;
        return nullptr;
    };
    if (entry* const found = find(first, nullptr)) return *found;
    constexpr std::string_view others = "(other)";
    // Threads at the same time may make some more: the bound is one of memory, not a promise.
    if (count_.load(std::memory_order_relaxed) >= most_methods && method != others) return of(others);
    auto made = std::make_unique<entry>(method);
    for (entry* seen = nullptr;;) {
        if (entry* const found = find(first, seen)) return *found;
        seen = made->next = first;
        if (place.compare_exchange_weak(first, made.get(), std::memory_order_acq_rel, std::memory_order_acquire)) break;
    }
    count_.fetch_add(1, std::memory_order_relaxed);
    return *made.release();
}

FARCALL_DECL void client_metrics::call_ended(const call_event& event) {
    entry& counts = of(event.method);
    counts.latency.record(event.time);
    counts.outcomes.add(event.status);
    counts.attempts.add(event.attempts);
    counts.bytes_in.add(event.bytes_in);
    counts.bytes_out.add(event.bytes_out);
    // Whoever says that it took longer than the call is wrong, and one such number would spoil the sum for ever.
    if (!event.server_time || *event.server_time > event.time) return;
    counts.server_time.record(*event.server_time);
    if (event.attempts == 1) counts.network_time.record(event.time - *event.server_time);
}

FARCALL_DECL void client_metrics::retry(const retry_event& event) { of(event.method).retries.add(); }
FARCALL_DECL void client_metrics::hedge(const hedge_event& event) { of(event.method).hedges.add(); }

FARCALL_DECL client_metrics_snapshot client_metrics::read() const {
    client_metrics_snapshot made;
    for (const auto& first : methods_) {
        for (const entry* each = first.load(std::memory_order_acquire); each != nullptr; each = each->next) {
            client_method_metrics counts;
            counts.method = each->name;
            each->outcomes.add_to(counts.outcomes);
            counts.failures = counts.outcomes.failures();
            counts.latency = each->latency.read();
            counts.calls = counts.outcomes.total();
            counts.attempts = each->attempts.get();
            counts.retries = each->retries.get();
            counts.hedges = each->hedges.get();
            counts.bytes_in = each->bytes_in.get();
            counts.bytes_out = each->bytes_out.get();
            counts.server_time = each->server_time.read();
            counts.network_time = each->network_time.read();
            made.methods.push_back(std::move(counts));
        }
    }
    std::sort(made.methods.begin(), made.methods.end(),
              [](const auto& a, const auto& b) { return a.method < b.method; });
    made.connections = open_.get();
    made.connections_total = total_.get();
    made.connect_failures = connect_failures_.get();
    made.goaways = goaways_.get();
    made.drops = drops_.get();
    made.limits_hit = limits_hit_.get();
    return made;
}

FARCALL_DECL std::string client_metrics::prometheus() const {
    using detail::prometheus_label;
    detail::text_buffer text;
    detail::prometheus_writer out{text};
    const client_metrics_snapshot all = read();
    out.family("farcall_client_calls_total", "counter", "Calls that have ended, by what they ended with.");
    for (const client_method_metrics& of : all.methods)
        for (std::size_t code = 0; code != detail::status_count; ++code)
            if (code == 0 || of.outcomes.counts[code] != 0)
                out.sample(std::array{prometheus_label{"method", of.method},
                                      prometheus_label{"code", to_string(static_cast<status>(code))}},
                           of.outcomes.counts[code]);
    const auto rows = [&](std::string_view name, std::string_view type, std::string_view help, auto member) {
        out.family(name, type, help);
        for (const client_method_metrics& of : all.methods)
            out.sample(std::array{prometheus_label{"method", of.method}}, of.*member);
    };
    using of = client_method_metrics;
    rows("farcall_client_call_duration_seconds", "histogram", "From a call to its end.", &of::latency);
    rows("farcall_client_server_duration_seconds", "histogram", "The part of it that the server says it took.",
         &of::server_time);
    rows("farcall_client_network_duration_seconds", "histogram", "The rest, of calls with one attempt.",
         &of::network_time);
    rows("farcall_client_attempts_total", "counter", "Attempts of all calls.", &of::attempts);
    rows("farcall_client_retries_total", "counter", "Attempts after a failure.", &of::retries);
    rows("farcall_client_hedges_total", "counter", "Attempts beside a slow one.", &of::hedges);
    rows("farcall_client_received_bytes_total", "counter", "JSON text of answers.", &of::bytes_in);
    rows("farcall_client_sent_bytes_total", "counter", "JSON text of requests.", &of::bytes_out);
    out.only("farcall_client_connections", "gauge", "Connections that are up.", all.connections);
    out.only("farcall_client_connections_total", "counter", "Connections that ever were.", all.connections_total);
    out.only("farcall_client_connect_failures_total", "counter", "Attempts to get a connection that failed.",
             all.connect_failures);
    out.only("farcall_client_goaways_total", "counter", "Servers that said they take no more calls.", all.goaways);
    out.only("farcall_client_drops_total", "counter", "What came and nobody gets.", all.drops);
    out.only("farcall_client_limits_hit_total", "counter", "Limits that were met, such as the retry budget.",
             all.limits_hit);
    return std::string{text.view()};
}

}  // namespace farcall
