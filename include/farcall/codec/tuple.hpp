#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include <farcall/codec/sequence.hpp>

namespace farcall {

namespace detail {

/// What `std::tuple` and `std::pair` have in common: an array of exactly as many elements.
template <class Tuple, class... T>
struct tuple_codec {
    static constexpr json_kinds kinds = json_kind::array;

    static consteval part_list<T...> parts() { return {}; }

    static constexpr static_text part_name(std::size_t index) {
        return static_text{"["}.append_number(index).append("]");
    }

    static bool encode(json_writer& out, const Tuple& value) {
        if (!out.begin_array()) return false;
        const bool good = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return ((codec<std::remove_const_t<T>>::encode(out, std::get<I>(value)) || out.at_index(I)) && ...);
        }
        (std::index_sequence_for<T...>{});
        if (!good) return false;
        out.end_array();
        return true;
    }

    static bool decode(json_reader& in, Tuple& value) {
        if (!in.begin_array()) return false;
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (element<I>(in, std::get<I>(value)) && ...);
        }
        (std::index_sequence_for<T...>{}) && end_of_exact(in, sizeof...(T));
    }

    static void schema(schema_writer& out) {
        out.tuple(std::array<schema_function, sizeof...(T)>{&write_schema<T>...});
    }

private:
    template <std::size_t I, class Element>
    static bool element(json_reader& in, Element& value) {
        if (!in.next_element()) return fail_with_count(in, sizeof...(T), I);
        return codec<Element>::decode(in, value) || in.at_index(I);
    }
};

}  // namespace detail

/// An array of exactly as many elements, of different types.
template <class... T>
struct codec<std::tuple<T...>> : detail::tuple_codec<std::tuple<T...>, T...> {};

}  // namespace farcall
