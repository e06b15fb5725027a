#pragma once

#include <array>
#include <chrono>
#include <vector>

#include <farcall/observe/prometheus_writer.hpp>
#include <farcall/server/metrics_page.hpp>
#include <farcall/server/process_usage.hpp>
#include <farcall/server/server_shared.hpp>

namespace farcall::detail {

/// Writes the page for Prometheus.
class metrics_page {
public:
    explicit metrics_page(text_buffer& out) : out_(out) {}

    void methods(const server_metrics& all) {
        std::vector<const method_metrics*> each{&all.unknown_methods, &all.reserved_methods};
        for (const method_metrics& one : all.methods) each.push_back(&one);
        out_.family("farcall_server_calls_total", "counter", "Calls that have ended, by what they ended with.");
        for (const method_metrics* one : each)
            for (std::size_t code = 0; code != status_count; ++code)
                if (code == 0 || one->outcomes.counts[code] != 0)
                    out_.sample(std::array{prometheus_label{"method", one->method},
                                           prometheus_label{"code", to_string(static_cast<status>(code))}},
                                one->outcomes.counts[code]);
        const auto rows = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
            out_.family(name, type, help);
            for (const method_metrics* one : each)
                out_.sample(std::array{prometheus_label{"method", one->method}}, value(*one));
        };
        // Fifty lines each: not of methods that nobody calls.
        const auto times = [&](std::string_view name, std::string_view help, distribution method_metrics::*member) {
            out_.family(name, "histogram", help);
            for (const method_metrics* one : each)
                if (one->calls != 0) out_.sample(std::array{prometheus_label{"method", one->method}}, one->*member);
        };
        times("farcall_server_call_duration_seconds", "From the turn of a call to its answer.", &method_metrics::latency);
        times("farcall_server_queue_duration_seconds", "From the arrival of a call to its turn.", &method_metrics::queue);
        rows("farcall_server_calls_in_flight", "gauge", "Calls that run now.",
             [](const method_metrics& of) { return of.in_flight; });
        rows("farcall_server_received_bytes_total", "counter", "JSON text of requests.",
             [](const method_metrics& of) { return of.bytes_in; });
        rows("farcall_server_sent_bytes_total", "counter", "JSON text of answers.",
             [](const method_metrics& of) { return of.bytes_out; });
    }

    void server(const server_metrics& all) {
        out_.only("farcall_server_protocol_errors_total", "counter", "Messages that were no request.",
                  all.protocol_errors);
        out_.only("farcall_server_late_calls_total", "counter", "Calls whose deadline had passed before their turn.",
                  all.late);
        out_.only("farcall_server_replayed_calls_total", "counter",
                  "Calls that were answered with what an earlier attempt ended with.", all.replayed);
        out_.only("farcall_server_repeated_calls_total", "counter",
                  "Calls whose caller said that they are further attempts.", all.repeated);
        connections("farcall_server_connections", "gauge", "Connections that are open, by what they speak.",
                    all.connections);
        connections("farcall_server_connections_total", "counter",
                    "Connections since the start; WebSockets count as http, too.", all.connections_total);
        out_.only("farcall_server_connections_refused_total", "counter", "Connections that there was no room for.",
                  all.connections_refused);
        out_.family("farcall_server_refusals_total", "counter",
                    "How often a limit refused a call or ended a connection.");
        for (const limit_metrics& each : all.refusals)
            out_.sample(std::array{prometheus_label{"limit", each.limit}}, each.refused);
        out_.only("farcall_server_workers_threads", "gauge", "Threads for blocking methods.", all.workers.threads);
        out_.only("farcall_server_workers_busy", "gauge", "Threads that run a blocking method.", all.workers.busy);
        out_.only("farcall_server_workers_queue", "gauge", "Calls that wait for a thread.", all.workers.queue);
        out_.only("farcall_server_workers_refused_total", "counter", "Calls for which that queue had no room.",
                  all.workers.refused);
        out_.only("farcall_server_buffered_bytes", "gauge", "Bytes held for all connections.", all.buffered_bytes);
        out_.only("farcall_server_start_time_seconds", "gauge", "When the server was started, since 1970.",
                  std::chrono::duration<double>{all.started.time_since_epoch()}.count());
    }

    void process(const process_usage& used) {
        out_.only("process_cpu_seconds_total", "counter", "Time of processors that was used.", used.cpu_seconds);
        if (used.resident_bytes != 0) {
            out_.only("process_resident_memory_bytes", "gauge", "Memory that is there.", used.resident_bytes);
            out_.only("process_virtual_memory_bytes", "gauge", "Memory that is asked for.", used.virtual_bytes);
        }
        if (used.open_files != 0) out_.only("process_open_fds", "gauge", "Files that are open.", used.open_files);
        if (used.most_files != 0)
            out_.only("process_max_fds", "gauge", "Files that may be open.", used.most_files);
        if (used.started > 0)
            out_.only("process_start_time_seconds", "gauge", "When the process began, since 1970.", used.started);
    }

private:
    void connections(std::string_view name, std::string_view type, std::string_view help,
                     const connection_counts& counts) {
        out_.family(name, type, help);
        for (const connection_protocol which : connection_protocols)
            out_.sample(std::array{prometheus_label{"protocol", to_string(which)}}, counts[which]);
    }

    prometheus_writer out_;
};

FARCALL_DECL std::string metrics_page_text(const server_shared& server) {
    text_buffer text;
    const server_metrics all = server.measure();
    metrics_page page{text};
    page.methods(all);
    page.server(all);
    page.process(read_process_usage());
    return std::string{text.view()};
}

}  // namespace farcall::detail
