#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <farcall/codec/map_key.hpp>
#include <farcall/codec/sequence.hpp>

namespace farcall::detail {

/// What sets have in common: an array without repeated elements.
template <class Set>
struct set_codec {
    using element = typename Set::value_type;
    static constexpr json_kinds kinds = json_kind::array;

    static consteval part_list<element> parts() { return {}; }
    static constexpr std::string_view part_name(std::size_t) { return "[]"; }

    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (Way == coding::encoding) return {};
        return flaw_of_new<element>();
    }

    static bool encode(json_writer& out, const Set& value) { return encode_sequence(out, value); }

    static bool decode(json_reader& in, Set& value) {
        value.clear();
        if (!in.begin_array()) return false;
        for (std::size_t index = 0; in.next_element(); ++index) {
            element next{};
            if (!codec<element>::decode(in, next)) return in.at_index(index);
            // Elements that come in order, as a sorted set writes them, are put at the end without a search.
            value.emplace_hint(value.end(), std::move(next));
            if (value.size() != index + 1) {
                in.fail("repeated element");
                return in.at_index(index);
            }
        }
        return in.ok();
    }

    static void schema(schema_writer& out) { out.array(&write_schema<element>, true); }
};

/// What maps have in common: an object whose members are the entries.
template <class Map>
struct map_codec {
    using key = typename Map::key_type;
    using mapped = typename Map::mapped_type;
    static constexpr json_kinds kinds = json_kind::object;

    static consteval part_list<mapped> parts() { return {}; }
    static constexpr std::string_view part_name(std::size_t) { return "[]"; }

    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (!complete_type<map_key<key>>) {
            return "the keys of a map must be std::string, integers, char or enums, for JSON has only text there";
        } else if constexpr (Way == coding::decoding && !map_key<key>::decodable) {
            return "a std::string_view cannot be decoded, for nobody would own its text; use std::string";
        } else if constexpr (Way == coding::decoding) {
            return flaw_of_new<mapped>();
        } else {
            return {};
        }
    }

    static bool encode(json_writer& out, const Map& value) {
        if (!out.begin_object()) return false;
        for (const auto& [name, content] : value) {
            if (!map_key<key>::write(out, name)) return false;
            if (!codec<mapped>::encode(out, content)) return out.at_member(map_key<key>::text(name));
        }
        out.end_object();
        return true;
    }

    static bool decode(json_reader& in, Map& value) {
        value.clear();
        if (!in.begin_object()) return false;
        for (std::string_view name; in.next_member(name);) {
            key own{};
            if (!map_key<key>::read(in, name, own)) return in.at_member(name);
            const std::size_t before = value.size();
            // Unlike `try_emplace`, this compares the key of an entry that comes in order only once.
            const auto entry = value.emplace_hint(value.end(), std::piecewise_construct,
                                                  std::forward_as_tuple(std::move(own)), std::tuple<>{});
            if (value.size() == before) {
                in.fail("repeated member");
                return in.at_member(name);
            }
            if (!codec<mapped>::decode(in, entry->second)) return in.at_member(map_key<key>::text(entry->first));
        }
        return in.ok();
    }

    static void schema(schema_writer& out) {
        if constexpr (requires { map_key<key>::schema(out); }) {
            out.map(&write_schema<mapped>, &map_key<key>::schema);
        } else {
            out.map(&write_schema<mapped>, nullptr);
        }
    }
};

}  // namespace farcall::detail
