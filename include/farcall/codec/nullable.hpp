#pragma once

#include <string_view>
#include <type_traits>

#include <farcall/codec/codec.hpp>

namespace farcall::detail {

/// Whether a type says of itself that `null` is one of its forms. Codecs that say nothing get the benefit of doubt.
template <class T>
consteval bool says_null() {
    if constexpr (requires { codec<T>::kinds; }) {
        return codec<T>::kinds.contains(json_kind::null) && codec<T>::kinds != json_kinds::any();
    } else {
        return false;
    }
}

/// What optionals and owning pointers have in common: empty is `null`. The derived codec adds
/// `static T& create(Holder&)`, which makes the holder own a new value.
template <class Holder, class T>
struct nullable_codec {
    static constexpr json_kinds kinds = json_kinds{json_kind::null} | kinds_of<std::remove_const_t<T>>();

    static consteval part_list<T> parts() { return {}; }
    static constexpr std::string_view part_name(std::size_t) { return {}; }

    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (!complete_type<T>) {
            return {};
        } else if constexpr (says_null<std::remove_const_t<T>>()) {
            return "an optional or pointer of what may be null itself is ambiguous: null would mean both";
        } else if constexpr (Way == coding::decoding) {
            return flaw_of_new<T>();
        } else {
            return {};
        }
    }

    static bool encode(json_writer& out, const Holder& value) {
        return value ? codec<std::remove_const_t<T>>::encode(out, *value) : out.null();
    }

    static bool decode(json_reader& in, Holder& value) {
        if (in.peek() == json_kind::null) {
            value.reset();
            return in.null();
        }
        return codec<T>::decode(in, codec<Holder>::create(value));
    }

    static void absent(Holder& value) { value.reset(); }

    static void schema(schema_writer& out) { out.nullable(&write_schema<T>); }
};

}  // namespace farcall::detail
