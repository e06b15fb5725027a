#pragma once

#include <cstddef>
#include <string>

#include <farcall/codec/codec.hpp>

namespace farcall::detail {

/// Writes the elements of any range as an array.
template <class Range>
bool encode_sequence(json_writer& out, const Range& range) {
    if (!out.begin_array()) return false;
    std::size_t index = 0;
    for (const auto& element : range) {
        if (!codec<typename Range::value_type>::encode(out, element)) return out.at_index(index);
        ++index;
    }
    out.end_array();
    return true;
}

/// Reads an array element by element to the back of a container: memory grows with what was read, not by promise.
template <class Container>
bool decode_sequence(json_reader& in, Container& container) {
    container.clear();
    if (!in.begin_array()) return false;
    for (std::size_t index = 0; in.next_element(); ++index) {
        // Room for a few small elements at once, but not for more: a text may hold many short arrays.
        if constexpr (requires { container.reserve(index); }) {
            constexpr std::size_t some = 64 / sizeof(typename Container::value_type);
            if (index == 0 && some > 1) container.reserve(some);
        }
        container.emplace_back();
        if (!codec<typename Container::value_type>::decode(in, container.back())) return in.at_index(index);
    }
    return in.ok();
}

inline bool fail_with_count(json_reader& in, std::size_t expected, std::size_t found) {
    if (!in.ok()) return false;
    return in.fail("expected " + std::to_string(expected) + (expected == 1 ? " element" : " elements") + ", found " +
                   std::to_string(found));
}

/// Reads the end of an array of an exact size, all of whose elements have been read.
inline bool end_of_exact(json_reader& in, std::size_t expected) {
    if (!in.next_element()) return in.ok();
    std::size_t found = expected;
    do {
        if (!in.skip_value()) return in.at_index(found);
        ++found;
    } while (in.next_element());
    return fail_with_count(in, expected, found);
}

/// What containers of one element type have in common.
template <class Container>
struct sequence_codec {
    static constexpr json_kinds kinds = json_kind::array;

    static consteval part_list<typename Container::value_type> parts() { return {}; }
    static constexpr std::string_view part_name(std::size_t) { return "[]"; }

    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (Way == coding::encoding) return {};
        return flaw_of_new<typename Container::value_type>();
    }

    static bool encode(json_writer& out, const Container& value) { return encode_sequence(out, value); }
    static bool decode(json_reader& in, Container& value) { return decode_sequence(in, value); }
    static void schema(schema_writer& out) { out.array(&write_schema<typename Container::value_type>); }
};

}  // namespace farcall::detail
