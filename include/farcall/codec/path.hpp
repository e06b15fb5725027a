#pragma once

#include <filesystem>
#include <string>

#include <farcall/codec/string.hpp>

namespace farcall {

/// The path's text in UTF-8, with the separators that it has. One that is not valid UTF-8 has no JSON form.
template <>
struct codec<std::filesystem::path> {
    static constexpr json_kinds kinds = json_kind::string;

    static bool encode(json_writer& out, const std::filesystem::path& value) {
        const std::u8string text = value.u8string();
        return out.string({reinterpret_cast<const char*>(text.data()), text.size()});
    }

    static bool decode(json_reader& in, std::filesystem::path& value) {
        std::string text;
        if (!in.string(text)) return false;
        value = std::u8string{text.begin(), text.end()};
        return true;
    }

    static void schema(schema_writer& out) { out.string(); }
};

}  // namespace farcall
