#pragma once

#include <charconv>
#include <chrono>

#include <farcall/detail/json_text.hpp>
#include <farcall/detail/plain_sight.hpp>
#include <farcall/observe/prometheus_writer.hpp>

namespace farcall::detail {

/// Text with what would end it replaced: a backslash and a line feed, and in the value of a label the quote. Bytes that
/// are no UTF-8 become U+FFFD: Prometheus takes nothing of a page that holds one.
inline void append_prometheus_text(text_buffer& out, std::string_view text, bool label) {
    while (!text.empty()) {
        const character next = take_character(text);
        if (next.code == '\\')
            append_literal(out, "\\\\");
        else if (next.code == '\n')
            append_literal(out, "\\n");
        else if (next.code == '"' && label)
            append_literal(out, "\\\"");
        else
            out.append(next.sound ? next.bytes : "\xEF\xBF\xBD");
    }
}

FARCALL_DECL void prometheus_writer::family(std::string_view name, std::string_view type, std::string_view help) {
    family_ = name;
    append_literal(out_, "# HELP ");
    out_.append(name);
    out_.push_back(' ');
    append_prometheus_text(out_, help, false);
    append_literal(out_, "\n# TYPE ");
    out_.append(name);
    out_.push_back(' ');
    out_.append(type);
    out_.push_back('\n');
}

FARCALL_DECL void prometheus_writer::name(std::string_view suffix, std::span<const prometheus_label> labels,
                                          std::string_view bound) {
    out_.append(family_);
    out_.append(suffix);
    char before = '{';
    const auto put = [&](std::string_view label, std::string_view value) {
        out_.push_back(before);
        before = ',';
        out_.append(label);
        append_literal(out_, "=\"");
        append_prometheus_text(out_, value, true);
        out_.push_back('"');
    };
    for (const prometheus_label& each : labels) put(each.name, each.value);
    if (!bound.empty()) put("le", bound);
    if (before == ',') out_.push_back('}');
    out_.push_back(' ');
}

FARCALL_DECL void prometheus_writer::number(double value) {
    constexpr std::size_t room = 32;
    char* const first = out_.prepare(room);
    out_.commit(static_cast<std::size_t>(std::to_chars(first, first + room, value).ptr - first));
}

FARCALL_DECL void prometheus_writer::sample(std::span<const prometheus_label> labels, std::uint64_t value) {
    name({}, labels);
    append_integer(out_, value);
    out_.push_back('\n');
}

FARCALL_DECL void prometheus_writer::sample(std::span<const prometheus_label> labels, double value) {
    name({}, labels);
    number(value);
    out_.push_back('\n');
}

FARCALL_DECL void prometheus_writer::sample(std::span<const prometheus_label> labels, const distribution& value) {
    constexpr struct {
        std::string_view text;
        std::int64_t ns;
    } bounds[] = {{"1e-06", 1'000},          {"2.5e-06", 2'500},        {"5e-06", 5'000},
                  {"1e-05", 10'000},         {"2.5e-05", 25'000},       {"5e-05", 50'000},
                  {"0.0001", 100'000},       {"0.00025", 250'000},      {"0.0005", 500'000},
                  {"0.001", 1'000'000},      {"0.0025", 2'500'000},     {"0.005", 5'000'000},
                  {"0.01", 10'000'000},      {"0.025", 25'000'000},     {"0.05", 50'000'000},
                  {"0.1", 100'000'000},      {"0.25", 250'000'000},     {"0.5", 500'000'000},
                  {"1", 1'000'000'000},      {"2.5", 2'500'000'000},    {"5", 5'000'000'000},
                  {"10", 10'000'000'000},    {"30", 30'000'000'000},    {"60", 60'000'000'000}};
    for (const auto& bound : bounds) {
        name("_bucket", labels, bound.text);
        append_integer(out_, value.at_most(std::chrono::nanoseconds{bound.ns}));
        out_.push_back('\n');
    }
    name("_bucket", labels, "+Inf");
    append_integer(out_, value.count());
    out_.push_back('\n');
    name("_sum", labels);
    number(std::chrono::duration<double>{value.sum()}.count());
    out_.push_back('\n');
    name("_count", labels);
    append_integer(out_, value.count());
    out_.push_back('\n');
}

}  // namespace farcall::detail
