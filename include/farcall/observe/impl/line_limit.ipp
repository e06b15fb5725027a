#pragma once

#include <algorithm>
#include <utility>

#include <farcall/observe/line_limit.hpp>

namespace farcall::detail {

FARCALL_DECL bool line_limit::admit(std::string_view kind, time_point now) {
    if (most_ == 0) return true;
    kind_state& state = state_of(kind);
    if (state.passed.size() < most_) {
        state.passed.push_back(now);
        return true;
    }
    time_point& oldest = state.passed[state.oldest];
    if (now - oldest >= std::chrono::seconds{1}) {
        oldest = now;
        state.oldest = (state.oldest + 1) % most_;
        return true;
    }
    if (state.count++ == 0) state.first = now;
    return false;
}

FARCALL_DECL line_limit::kind_state& line_limit::state_of(std::string_view kind) {
    const auto named = [&](std::string_view name) {
        return std::find_if(kinds_.begin(), kinds_.end(), [&](const kind_state& each) { return each.name == name; });
    };
    if (const auto found = named(kind); found != kinds_.end()) return *found;
    // Kinds are words of a program. One that makes them out of what peers say must not grow by it.
    constexpr std::string_view others = "others";
    if (kinds_.size() >= most_kinds) {
        if (const auto found = named(others); found != kinds_.end()) return *found;
        kind = others;
    }
    kinds_.push_back({.name = std::string{kind}, .passed = {}, .oldest = 0, .count = 0, .first = {}});
    return kinds_.back();
}

FARCALL_DECL std::optional<line_limit::withheld> line_limit::take(time_point now, time_point::duration age) {
    for (kind_state& each : kinds_)
        if (each.count != 0 && now - each.first >= age)
            return withheld{each.name, std::exchange(each.count, 0), now - each.first};
    return std::nullopt;
}

FARCALL_DECL std::optional<line_limit::withheld> line_limit::due(time_point now) { return take(now, told_after); }

FARCALL_DECL std::optional<line_limit::withheld> line_limit::remaining(time_point now) {
    return take(now, time_point::duration::min());
}

FARCALL_DECL time_point line_limit::next_due() const noexcept {
    time_point next = never;
    for (const kind_state& each : kinds_)
        if (each.count != 0) next = std::min(next, each.first + told_after);
    return next;
}

}  // namespace farcall::detail
