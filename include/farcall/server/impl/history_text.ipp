#pragma once

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

#include <farcall/detail/json_text.hpp>
#include <farcall/server/history_text.hpp>

namespace farcall::detail {

/// Microseconds with one digit behind the point.
inline void append_tenths(text_buffer& out, float us) {
    constexpr std::size_t room = 64;
    char* const first = out.prepare(room);
    out.commit(static_cast<std::size_t>(std::to_chars(first, first + room, us, std::chars_format::fixed, 1).ptr - first));
}

FARCALL_DECL history_text::history_text(const metrics_history& kept, const std::vector<const method_entry*>& methods)
    : until_(kept.until()), size_(kept.size(metrics_history::kept)) {
    for (const method_entry* each : methods) {
        const std::uint64_t last = kept.last(each->number);
        if (last + size_ <= until_) continue;
        method told{.name = each->info->wire_name, .last = last};
        const auto write = [&](auto member) {
            return made([&](text_buffer& out, std::size_t at) {
                const auto value = kept.at(each->number, size_, at).*member;
                if constexpr (std::is_floating_point_v<decltype(value)>)
                    append_tenths(out, value);
                else
                    append_integer(out, value);
            });
        };
        told.rows = {write(&second_of_calls::calls), write(&second_of_calls::failures), write(&second_of_calls::mean_us),
                     write(&second_of_calls::p50_us), write(&second_of_calls::p99_us)};
        methods_.push_back(std::move(told));
    }
    connections_ = made([&](text_buffer& out, std::size_t at) { append_integer(out, kept.connections(size_, at)); });
}

template <class Write>
history_text::row history_text::made(Write&& write) const {
    row all;
    all.begins.reserve(size_);
    for (std::size_t at = 0; at != size_; ++at) {
        if (at != 0) all.text.push_back(',');
        all.begins.push_back(static_cast<std::uint16_t>(all.text.size()));
        write(all.text, at);
    }
    return all;
}

FARCALL_DECL void history_text::append(text_buffer& out, const row& all, std::size_t wanted) const {
    out.push_back('[');
    if (wanted != 0) out.append(all.text.view().substr(all.begins[size_ - wanted]));
    out.push_back(']');
}

FARCALL_DECL void history_text::append(text_buffer& out, std::size_t wanted) const {
    const std::size_t size = std::min(wanted, size_);
    append_literal(out, "{\"interval_s\":1,\"until_s\":");
    append_integer(out, until_);
    append_literal(out, ",\"methods\":{");
    bool more = false;
    for (const method& each : methods_) {
        if (each.last + size <= until_) continue;
        if (std::exchange(more, true)) out.push_back(',');
        append_string(out, each.name);
        for (std::size_t at = 0; at != names.size(); ++at) {
            out.append(at == 0 ? ":{\"" : ",\"");
            out.append(names[at]);
            append_literal(out, "\":");
            append(out, each.rows[at], size);
        }
        out.push_back('}');
    }
    append_literal(out, "},\"connections\":");
    append(out, connections_, size);
    out.push_back('}');
}

}  // namespace farcall::detail
