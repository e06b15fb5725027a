#pragma once

#include <charconv>
#include <chrono>
#include <string>
#include <utility>

#include <farcall/codec/time_point.hpp>
#include <farcall/detail/json_text.hpp>
#include <farcall/server/metrics_document.hpp>
#include <farcall/server/server_shared.hpp>

namespace farcall::detail {

/// Writes the result of `rpc.metrics` up to its last brace; its parts in the order of the text.
class metrics_document {
public:
    metrics_document(text_buffer& out, const server_shared& server) : out_(out), server_(server) {}

    void write(const server_metrics& all) {
        key("{\"uptime_s\":");
        decimal(all.uptime.count() / 1'000'000, 3);
        key(",\"started\":");
        codec_error why;
        if (!encode(out_, std::chrono::floor<std::chrono::milliseconds>(all.started), why)) key("null");
        key(",\"title\":");
        append_string(out_, server_title(server_.methods, server_.options.title));
        key(",\"version\":");
        append_string(out_, server_.options.version);
        key(",\"methods\":[");
        for (const method_metrics& each : all.methods) {
            if (&each != all.methods.data()) out_.push_back(',');
            key("{\"method\":");
            append_string(out_, each.method);
            calls(",", each);
        }
        key("],\"unknown_methods\":");
        calls("{", all.unknown_methods);
        key(",\"reserved_methods\":");
        calls("{", all.reserved_methods);
        number(",\"protocol_errors\":", all.protocol_errors);
        key(",\"connections\":{\"open\":");
        connections(all.connections);
        key(",\"total\":");
        connections(all.connections_total);
        number(",\"refused\":", all.connections_refused);
        key("},\"refusals\":{");
        for (const limit_metrics& each : all.refusals) {
            if (&each != all.refusals.data()) out_.push_back(',');
            append_string(out_, each.limit);
            number(":", each.refused);
        }
        number("},\"workers\":{\"threads\":", all.workers.threads);
        number(",\"busy\":", all.workers.busy);
        number(",\"queue\":", all.workers.queue);
        number(",\"refused\":", all.workers.refused);
        number("},\"buffered_bytes\":", all.buffered_bytes);
        number(",\"late\":", all.late);
        number(",\"replayed\":", all.replayed);
        number(",\"repeated\":", all.repeated);
    }

private:
    void key(std::string_view text) { out_.append(text); }
    void number(std::string_view before, std::uint64_t value) {
        key(before);
        append_integer(out_, value);
    }

    /// A number that is a thousand times as large as it is to be, or a power of that.
    void decimal(std::int64_t value, int digits) {
        constexpr std::size_t room = 24;
        char text[room];
        char* end = std::to_chars(text, text + room, value).ptr;
        std::string_view whole{text, static_cast<std::size_t>(end - text)};
        std::string padded(whole.size() > static_cast<std::size_t>(digits)
                               ? 0
                               : static_cast<std::size_t>(digits) + 1 - whole.size(),
                           '0');
        padded += whole;
        std::string_view left{padded};
        const std::size_t point = padded.size() - static_cast<std::size_t>(digits);
        while (left.size() > point && left.back() == '0') left.remove_suffix(1);
        out_.append(left.substr(0, point));
        if (left.size() == point) return;
        out_.push_back('.');
        out_.append(left.substr(point));
    }
    void us(std::string_view before, std::chrono::nanoseconds time) {
        key(before);
        decimal(time.count(), 3);
    }

    void times(const distribution& all) {
        number("{\"count\":", all.count());
        us(",\"sum\":", all.sum());
        us(",\"min\":", all.min());
        us(",\"mean\":", all.mean());
        us(",\"max\":", all.max());
        us(",\"p50\":", all.quantile(0.5));
        us(",\"p90\":", all.quantile(0.9));
        us(",\"p99\":", all.quantile(0.99));
        out_.push_back('}');
    }

    void calls(std::string_view before, const method_metrics& of) {
        key(before);
        number("\"calls\":", of.calls);
        number(",\"failures\":", of.failures);
        number(",\"in_flight\":", of.in_flight);
        key(",\"outcomes\":{");
        bool more = false;
        for (std::size_t code = 0; code != status_count; ++code) {
            if (of.outcomes.counts[code] == 0) continue;
            if (std::exchange(more, true)) out_.push_back(',');
            append_string(out_, to_string(static_cast<status>(code)));
            number(":", of.outcomes.counts[code]);
        }
        number("},\"bytes_in\":", of.bytes_in);
        number(",\"bytes_out\":", of.bytes_out);
        key(",\"latency_us\":");
        times(of.latency);
        key(",\"queue_us\":");
        times(of.queue);
        out_.push_back('}');
    }

    void connections(const connection_counts& counts) {
        for (const connection_protocol which : connection_protocols) {
            out_.push_back(which == connection_protocol::native ? '{' : ',');
            append_string(out_, to_string(which));
            number(":", counts[which]);
        }
        out_.push_back('}');
    }

    text_buffer& out_;
    const server_shared& server_;
};

FARCALL_DECL void append_metrics(text_buffer& out, server_shared& server, std::size_t seconds) {
    const auto told = server.told.document.get(server.time->now(), [&] {
        text_buffer text;
        metrics_document{text, server}.write(server.measure());
        return std::string{text.view()};
    });
    out.append(*told);
    if (seconds != 0) {
        append_literal(out, ",\"history\":");
        server.told.history(server.metrics)->append(out, seconds);
    }
    out.push_back('}');
}

}  // namespace farcall::detail
