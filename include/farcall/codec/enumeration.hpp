#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <farcall/codec/arithmetic.hpp>
#include <farcall/reflect/described.hpp>
#include <farcall/reflect/type_name.hpp>

namespace farcall {

namespace detail {

template <class T>
concept plain_enum = std::is_enum_v<T> && !described_enum<T>;

/// `"red", "green", "blue"`
template <described_enum E>
std::string enumerator_names() {
    std::string names;
    any_enumerator<E>([&](E, std::string_view name) {
        if (!names.empty()) names += ", ";
        names += '"';
        names += name;
        names += '"';
        return false;
    });
    return names;
}

template <described_enum E>
std::string unnamed_enumerator(E value) {
    return "value " + std::to_string(static_cast<std::underlying_type_t<E>>(value)) + " of " +
           std::string{type_name<E>()} + " has no name";
}

template <described_enum E>
std::string unknown_enumerator(std::string_view text) {
    return "expected one of " + enumerator_names<E>() + ", found \"" + excerpt(text) + '"';
}

}  // namespace detail

/// A described enum is the name of its enumerator, as a string.
template <described_enum E>
struct codec<E> {
    static constexpr json_kinds kinds = json_kind::string;

    static bool encode(json_writer& out, E value) {
        const std::string_view name = enumerator_name(value);
        return name.empty() ? out.fail(detail::unnamed_enumerator(value)) : out.string(name);
    }

    static bool decode(json_reader& in, E& value) {
        std::string_view text;
        if (!in.string(text)) return false;
        return enumerator_from_name(text, value) || in.fail(detail::unknown_enumerator<E>(text));
    }

    static void schema(schema_writer& out) {
        out.component(type_name<E>(), [](schema_writer& definition) {
            std::vector<std::string_view> names;
            any_enumerator<E>([&](E, std::string_view name) {
                names.push_back(name);
                return false;
            });
            definition.one_of_texts(names);
        });
    }
};

/// Any other enum is the number of its enumerator. Whether that number has an enumerator cannot be known.
template <detail::plain_enum E>
struct codec<E> {
    using underlying = std::underlying_type_t<E>;
    static constexpr json_kinds kinds = json_kind::number;

    static bool encode(json_writer& out, E value) { return out.integer(static_cast<underlying>(value)); }

    static bool decode(json_reader& in, E& value) {
        underlying number{};
        if (!in.integer(number)) return false;
        value = static_cast<E>(number);
        return true;
    }

    static void schema(schema_writer& out) {
        out.component(type_name<E>(), [](schema_writer& definition) { definition.integer<underlying>(); });
    }
};

}  // namespace farcall
