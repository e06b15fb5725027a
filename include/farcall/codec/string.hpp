#pragma once

#include <string>
#include <string_view>

#include <farcall/codec/codec.hpp>

namespace farcall {

/// A JSON string; valid UTF-8 in both directions. NUL inside is fine.
template <class Allocator>
struct codec<std::basic_string<char, std::char_traits<char>, Allocator>> {
    using string = std::basic_string<char, std::char_traits<char>, Allocator>;
    static constexpr json_kinds kinds = json_kind::string;

    static bool encode(json_writer& out, const string& value) { return out.string(value); }

    static bool decode(json_reader& in, string& value) {
        if constexpr (std::is_same_v<string, std::string>) {
            return in.string(value);
        } else {
            std::string_view text;
            if (!in.string(text)) return false;
            value.assign(text);
            return true;
        }
    }

    static void schema(schema_writer& out) { out.string(); }
};

/// Can be written only: a view that is read would refer to text that is gone.
template <>
struct codec<std::string_view> {
    static constexpr json_kinds kinds = json_kind::string;

    template <coding Way>
    static consteval std::string_view flaw() {
        return Way == coding::decoding
                   ? "a std::string_view cannot be decoded, for nobody would own its text; use std::string"
                   : "";
    }

    static bool encode(json_writer& out, std::string_view value) { return out.string(value); }
    static void schema(schema_writer& out) { out.string(); }
};

}  // namespace farcall
