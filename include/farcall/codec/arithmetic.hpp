#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codec.hpp>

namespace farcall {

namespace detail {

template <class T>
concept text_character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept json_integer = std::integral<T> && !std::same_as<T, bool> && !text_character<T> &&
                       std::same_as<T, std::remove_cv_t<T>> && sizeof(T) <= 8;

template <class T>
concept json_floating = std::same_as<T, float> || std::same_as<T, double>;

}  // namespace detail

/// `true` and `false`; numbers are not taken for them.
template <>
struct codec<bool> {
    static constexpr json_kinds kinds = json_kind::boolean;
    static bool encode(json_writer& out, bool value) { return out.boolean(value); }
    static bool decode(json_reader& in, bool& value) { return in.boolean(value); }
    static void schema(schema_writer& out) { out.boolean(); }
};

/// Integers, exact and checked against the range of the type, up to 64 bits. `signed char` and `unsigned char`
/// (`std::int8_t`, `std::uint8_t`) are numbers.
template <detail::json_integer T>
struct codec<T> {
    static constexpr json_kinds kinds = json_kind::number;
    static bool encode(json_writer& out, T value) { return out.integer(value); }
    static bool decode(json_reader& in, T& value) { return in.integer(value); }
    static void schema(schema_writer& out) { out.integer<T>(); }
};

/// Finite numbers, written with as many digits as it takes to read the same value back.
template <detail::json_floating T>
struct codec<T> {
    static constexpr json_kinds kinds = json_kind::number;
    static bool encode(json_writer& out, T value) { return out.number(value); }
    static bool decode(json_reader& in, T& value) { return in.number(value); }
    static void schema(schema_writer& out) { out.number<T>(); }
};

/// `char` is text: a string of one ASCII character. The wide character types have no JSON form.
template <>
struct codec<char> {
    static constexpr json_kinds kinds = json_kind::string;

    static bool encode(json_writer& out, char value) {
        if (static_cast<unsigned char>(value) >= 0x80) {
            return out.fail("a char that is not ASCII has no JSON form; use std::uint8_t for a number");
        }
        return out.string({&value, 1});
    }

    static bool decode(json_reader& in, char& value) {
        std::string_view text;
        if (!in.string(text)) return false;
        if (text.size() != 1)
            return in.fail("expected a string of one ASCII character, found \"" + detail::excerpt(text) + '"');
        value = text.front();
        return true;
    }

    static void schema(schema_writer& out) { out.raw(R"({"type":"string","pattern":"^[\\u0000-\\u007F]$"})"); }
};

}  // namespace farcall
