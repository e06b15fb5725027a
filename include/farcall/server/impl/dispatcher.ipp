#pragma once

#include <algorithm>
#include <cstring>
#include <utility>

#include <farcall/detail/nearest_names.hpp>
#include <farcall/error.hpp>
#include <farcall/protocol/side_message.hpp>
#include <farcall/server/dispatcher.hpp>

namespace farcall::detail {

/// Eight bytes a step; the names are the server's own, so nobody can choose collisions.
inline std::uint64_t hash_name(std::string_view name) noexcept {
    constexpr std::uint64_t factor = 0x9e3779b97f4a7c15u;
    std::uint64_t sum = name.size() * factor;
    const auto mix = [&](const char* eight) {
        std::uint64_t word;
        std::memcpy(&word, eight, 8);
        sum = (sum ^ word) * factor;
        sum ^= sum >> 29;
    };
    if (name.size() >= 8) {
        const char* const last = name.data() + name.size() - 8;
        for (const char* p = name.data(); p < last; p += 8) mix(p);
        mix(last);
    } else {
        char rest[8] = {};
        for (std::size_t i = 0; i < name.size(); ++i) rest[i] = name[i];
        mix(rest);
    }
    return sum;
}

FARCALL_DECL void dispatcher::check_names(const std::vector<method_entry>& entries) const {
    std::vector<std::string_view> names;
    for (const method_entry& entry : entries) {
        names.push_back(entry.info->wire_name);
        names.insert(names.end(), entry.info->aliases.begin(), entry.info->aliases.end());
    }
    std::sort(names.begin(), names.end());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string name{names[i]};
        if (name.starts_with("rpc."))
            throw error{status::invalid_argument, "the method name \"" + name +
                                                      "\" begins with \"rpc.\", which JSON-RPC reserves; choose another"};
        if (reserved_name(name))
            throw error{status::invalid_argument, "the method name \"" + name +
                                                      "\" is that of a side message of farcall; choose another"};
        if (find(name) != nullptr || (i != 0 && names[i - 1] == name))
            throw error{status::already_exists, "the server has a method \"" + name +
                                                    "\" already; add each service once, or give one another name"};
    }
}

FARCALL_DECL void dispatcher::add(std::vector<method_entry> entries) {
    check_names(entries);
    for (method_entry& entry : entries) {
        entry.name_hash = sip_hash{{}}(entry.info->wire_name);
        entry.number = entries_.size();
        entries_.push_back(std::move(entry));
        const method_entry& added = entries_.back();
        add_name(added.info->wire_name, added);
        for (const std::string_view alias : added.info->aliases) add_name(alias, added);
    }
}

FARCALL_DECL void dispatcher::add_name(std::string_view name, const method_entry& entry) {
    if (2 * (names_ + 1) > slots_.size()) {
        std::vector<slot> old = std::exchange(slots_, {});
        slots_.resize(std::max<std::size_t>(64, old.size() * 2));
        for (slot& moved : old)
            if (moved.entry != nullptr) place(std::move(moved));
    }
    place({std::string{name}, hash_name(name), &entry});
    ++names_;
}

FARCALL_DECL void dispatcher::place(slot added) {
    std::size_t at = added.hash & (slots_.size() - 1);
    while (slots_[at].entry != nullptr) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = std::move(added);
}

inline const dispatcher::slot* dispatcher::look_up(std::string_view name) const noexcept {
    if (slots_.empty()) return nullptr;
    const std::uint64_t hash = hash_name(name);
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
        const slot& looked = slots_[at];
        if (looked.entry == nullptr) return nullptr;
        if (looked.hash == hash && same_text(looked.name, name)) return &looked;
    }
}

FARCALL_DECL const method_entry* dispatcher::find(std::string_view name) const noexcept {
    const slot* const found = look_up(name);
    return found != nullptr ? found->entry : nullptr;
}

FARCALL_DECL const method_entry* dispatcher::find_new(std::string_view name, memo& last) const noexcept {
    const slot* const found = look_up(name);
    if (found == nullptr) return nullptr;
    last = {found->name, found->entry};
    return found->entry;
}

FARCALL_DECL const method_entry* dispatcher::find_bare(std::string_view name) const noexcept {
    const method_entry* found = nullptr;
    for (const method_entry& entry : entries_) {
        if (entry.info->name != name) continue;
        if (found != nullptr) return nullptr;
        found = &entry;
    }
    return found;
}

FARCALL_DECL std::vector<std::string_view> dispatcher::nearest(std::string_view name) const {
    // A peer can ask for unknown names as often as it likes, so the search is bounded by length and by number.
    constexpr std::size_t most_looked_at = 256;
    nearest_names near{name};
    if (!near.possible()) return {};
    std::size_t looked_at = 0;
    for (const slot& candidate : slots_) {
        if (candidate.entry == nullptr) continue;
        if (++looked_at > most_looked_at) break;
        near.look_at(candidate.name);
    }
    return near.found();
}

FARCALL_DECL error dispatcher::missing(std::string_view name) const {
    std::string message = "no method " + excerpt(name);
    std::string near;
    for (const std::string_view candidate : nearest(name))
        near += (near.empty() ? "; did you mean " : " or ") + std::string{candidate};
    message += near.empty() ? "; compare the declarations on both sides" : near + "?";
    return error{status::unimplemented, std::move(message)}.with_executed(executed::no);
}

FARCALL_DECL std::vector<const method_entry*> dispatcher::sorted() const {
    std::vector<const method_entry*> all;
    for (const method_entry& entry : entries_) all.push_back(&entry);
    std::sort(all.begin(), all.end(),
              [](const auto* a, const auto* b) { return a->info->wire_name < b->info->wire_name; });
    return all;
}

}  // namespace farcall::detail
