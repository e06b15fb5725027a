#pragma once

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include <farcall/detail/plain_sight.hpp>
#include <farcall/observe/print_tree.hpp>

namespace farcall {
namespace detail {

/// Three figures and a unit: "31.2 ms".
inline std::string short_time(std::chrono::nanoseconds time) {
    constexpr std::array<std::pair<double, const char*>, 4> units{{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}}};
    const double count = static_cast<double>(time.count());
    std::size_t unit = 0;
    while (unit + 1 < units.size() && count < 0.9995 * units[unit].first) ++unit;  // not "1000 µs"
    const double shown = count / units[unit].first;
    const int digits = unit == 3 || shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : 2;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", digits, shown, units[unit].second);
    return text.data();
}

/// How many columns a terminal needs for a text, if all of its characters are narrow.
inline std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

/// A text of which every character stands where it is written.
inline std::string in_plain_sight(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const character next = take_character(text);
        if (next.sound && !deceives(next.code))
            out += next.bytes;
        else
            out += '?';
    }
    return out;
}

/// The lines of a tree, then laid out in columns.
class tree_lines {
public:
    explicit tree_lines(const std::vector<span>& spans) : spans_(spans) {
        for (const span& each : spans_) by_parent_[known(each.parent) ? each.parent : 0].push_back(&each);
        for (auto& [parent, children] : by_parent_)
            std::sort(children.begin(), children.end(), [](const span* a, const span* b) {
                return a->begin != b->begin ? a->begin < b->begin : a < b;
            });
        append(0, "", true);
    }

    std::string text() const {
        std::size_t names = 0, times = 0;
        for (const auto& [name, time, of] : lines_) {
            names = std::max(names, columns(name));
            times = std::max(times, columns(time));
        }
        std::string out;
        for (const auto& [name, time, of] : lines_) {
            out += name + std::string(names - columns(name) + 2, ' ');
            out += to_string(of->side);
            out += std::string(times - columns(time) + 2, ' ') + time;
            if (of->status != status::ok) {
                out += "  ";
                out += to_string(of->status);
                if (!of->message.empty()) out += ": " + in_plain_sight(of->message);
            }
            out += '\n';
        }
        return out;
    }

private:
    bool known(std::uint64_t id) const {
        return id != 0 && std::any_of(spans_.begin(), spans_.end(), [&](const span& each) { return each.context.span == id; });
    }

    void append(std::uint64_t parent, const std::string& margin, bool top) {
        const auto found = by_parent_.find(parent);
        if (found == by_parent_.end()) return;
        const auto children = std::exchange(found->second, {});  // ids that go in a circle end here
        for (const span* each : children) {
            const bool last = each == children.back();
            const std::string branch = top ? "" : last ? "└─ " : "├─ ";
            lines_.emplace_back(margin + branch + in_plain_sight(each->name), short_time(each->time), each);
            append(each->context.span, top ? margin : margin + (last ? "   " : "│  "), false);
        }
    }

    const std::vector<span>& spans_;
    std::map<std::uint64_t, std::vector<const span*>> by_parent_;
    std::vector<std::tuple<std::string, std::string, const span*>> lines_;
};

}  // namespace detail

FARCALL_DECL std::string span_tree(const std::vector<span>& spans) { return detail::tree_lines{spans}.text(); }

struct print_tree::state {
    using trace_key = std::pair<std::uint64_t, std::uint64_t>;
    struct trace {
        std::size_t open = 0;
        std::vector<span> ended;
    };

    state(sink to, std::size_t most) : out(std::move(to)), most_spans(most) {}

    void print(const span_context& of, const std::vector<span>& spans) const {
        const std::string text = "trace " + of.trace_id() + '\n' + span_tree(spans);
        if (out)
            out(text);
        else
            std::fwrite(text.data(), 1, text.size(), stderr);
    }

    const sink out;
    const std::size_t most_spans;
    std::mutex mutex;
    std::map<trace_key, trace> traces;
    std::size_t held = 0;
};

FARCALL_DECL print_tree::print_tree(sink out, std::size_t most_spans)
    : state_(std::make_shared<state>(std::move(out), most_spans)) {}

FARCALL_DECL void print_tree::began(const span& begun) {
    const std::lock_guard lock{state_->mutex};
    ++state_->traces[{begun.context.trace_high, begun.context.trace_low}].open;
}

FARCALL_DECL void print_tree::ended(span made) {
    const std::lock_guard lock{state_->mutex};
    const span_context of = made.context;
    const auto found = state_->traces.try_emplace({of.trace_high, of.trace_low}).first;
    state::trace& trace = found->second;
    trace.ended.push_back(std::move(made));
    ++state_->held;
    if (trace.open != 0) --trace.open;
    if (trace.open != 0 && state_->held <= state_->most_spans) return;
    state_->held -= trace.ended.size();
    const std::vector<span> spans = std::exchange(trace.ended, {});
    if (trace.open == 0) state_->traces.erase(found);
    state_->print(of, spans);
}

}  // namespace farcall
