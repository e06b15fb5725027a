#pragma once

#include <algorithm>
#include <utility>

#include <farcall/detail/ascii.hpp>
#include <farcall/interceptor/answer_table.hpp>

namespace farcall::detail {

FARCALL_DECL std::string answer_table::sameness::key_of(const intercepted_call& call) const {
    // Each part with its length in front: no two lists of parts make the same text.
    std::string key;
    const auto add = [&key](std::string_view part) {
        key += std::to_string(part.size());
        key += ':';
        key += part;
    };
    add(call.server);
    add(call.method);
    add(call.params);
    for (const std::string& name : headers) {
        const auto value = call.headers.get(name);
        if (value)
            add(*value);
        else
            key += '-';
    }
    if (caller) add(caller());
    return key;
}

FARCALL_DECL bool answer_table::sameness::holds_behind(const intercepted_call& call) const {
    if (caller) return true;
    const auto& changed = call.changed_by_attempts;
    const auto same = [](const std::string& a, const std::string& b) { return same_name(a, b); };
    return std::find_first_of(headers.begin(), headers.end(), changed.begin(), changed.end(), same) == headers.end();
}

FARCALL_DECL const answer_table::answer* answer_table::find(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return &found->second->kept;
}

FARCALL_DECL void answer_table::put(std::string key, answer kept) {
    erase(key);
    entry added{std::move(key), std::move(kept)};
    const std::size_t size = bytes_of(added);
    if (size > most_) return;
    while (bytes_ + size > most_) remove(std::prev(by_use_.end()));
    by_use_.push_front(std::move(added));
    by_key_.emplace(by_use_.front().key, by_use_.begin());
    bytes_ += size;
}

FARCALL_DECL void answer_table::erase(std::string_view key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) remove(found->second);
}

FARCALL_DECL std::size_t answer_table::bytes_of(const entry& one) noexcept {
    return one.key.size() + one.kept.result.size() + overhead;
}

FARCALL_DECL void answer_table::remove(place which) {
    bytes_ -= bytes_of(*which);
    by_key_.erase(which->key);
    by_use_.erase(which);
}

}  // namespace farcall::detail
