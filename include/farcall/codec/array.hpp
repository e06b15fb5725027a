#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <farcall/codec/sequence.hpp>

namespace farcall {

/// An array of exactly as many elements.
template <class T, std::size_t Size>
struct codec<std::array<T, Size>> {
    static constexpr json_kinds kinds = json_kind::array;

    static consteval detail::part_list<T> parts() { return {}; }
    static constexpr std::string_view part_name(std::size_t) { return "[]"; }

    static bool encode(json_writer& out, const std::array<T, Size>& value) {
        return detail::encode_sequence(out, value);
    }

    static bool decode(json_reader& in, std::array<T, Size>& value) {
        if (!in.begin_array()) return false;
        for (std::size_t index = 0; index != Size; ++index) {
            if (!in.next_element()) return detail::fail_with_count(in, Size, index);
            if (!codec<T>::decode(in, value[index])) return in.at_index(index);
        }
        return detail::end_of_exact(in, Size);
    }

    static void schema(schema_writer& out) { out.array(&write_schema<T>, Size); }
};

}  // namespace farcall
