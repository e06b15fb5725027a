#pragma once

#include <concepts>
#include <string>

#include <farcall/codec/string.hpp>

namespace farcall {

namespace detail {

/// `std::filesystem::path`, told by what it can do: its header would be a tenth of what every user compiles.
template <class T>
concept file_path = requires(const T& value) {
    typename T::string_type;
    typename T::format;
    T::preferred_separator;
    { value.lexically_normal() } -> std::same_as<T>;
    { value.u8string() } -> std::same_as<std::u8string>;
};

}  // namespace detail

/// The path's text in UTF-8, with the separators that it has. One that is not valid UTF-8 has no JSON form.
template <detail::file_path Path>
struct codec<Path> {
    static constexpr json_kinds kinds = json_kind::string;

    static bool encode(json_writer& out, const Path& value) {
        const std::u8string text = value.u8string();
        return out.string({reinterpret_cast<const char*>(text.data()), text.size()});
    }

    static bool decode(json_reader& in, Path& value) {
        std::string text;
        if (!in.string(text)) return false;
        value = std::u8string{text.begin(), text.end()};
        return true;
    }

    static void schema(schema_writer& out) { out.string(); }
};

}  // namespace farcall
