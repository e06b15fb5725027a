#pragma once

#include <vector>

#include <farcall/codec/sequence.hpp>

namespace farcall {

/// An array. (`std::vector<std::byte>` is base64 text, see codec/bytes.hpp.)
template <class T, class Allocator>
struct codec<std::vector<T, Allocator>> : detail::sequence_codec<std::vector<T, Allocator>> {};

/// An array of booleans; its elements are not references to `bool`.
template <class Allocator>
struct codec<std::vector<bool, Allocator>> {
    using vector = std::vector<bool, Allocator>;
    static constexpr json_kinds kinds = json_kind::array;

    static bool encode(json_writer& out, const vector& value) {
        if (!out.begin_array()) return false;
        for (const bool element : value) out.boolean(element);
        out.end_array();
        return true;
    }

    static bool decode(json_reader& in, vector& value) {
        value.clear();
        if (!in.begin_array()) return false;
        for (std::size_t index = 0; in.next_element(); ++index) {
            bool element = false;
            if (!in.boolean(element)) return in.at_index(index);
            value.push_back(element);
        }
        return in.ok();
    }

    static void schema(schema_writer& out) { out.array(&write_schema<bool>); }
};

}  // namespace farcall
