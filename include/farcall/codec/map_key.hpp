#pragma once

#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <farcall/codec/arithmetic.hpp>
#include <farcall/codec/enumeration.hpp>

namespace farcall::detail {

/// How the key of a map is the name of a member. Not defined for types that cannot be one.
///
/// Strings are themselves, integers are their decimal text, `char` is a text of one character, enums are as their own
/// codec writes them. Only the text that `write` would write is taken back: "07" is no key for 7. `schema` is that of
/// the texts, where not every text is a key.
template <class Key>
struct map_key;

template <class Allocator>
struct map_key<std::basic_string<char, std::char_traits<char>, Allocator>> {
    using string = std::basic_string<char, std::char_traits<char>, Allocator>;
    static constexpr bool decodable = true;
    static std::string_view text(const string& key) { return key; }
    static bool write(json_writer& out, const string& key) { return out.key(key); }
    static bool read(json_reader&, std::string_view name, string& key) {
        // Faster than to assign it, for it need not lie outside of what is overwritten.
        key.clear();
        key.append(name);
        return true;
    }
};

template <>
struct map_key<std::string_view> {
    static constexpr bool decodable = false;
    static std::string_view text(std::string_view key) { return key; }
    static bool write(json_writer& out, std::string_view key) { return out.key(key); }
};

template <>
struct map_key<char> {
    static constexpr bool decodable = true;
    static std::string text(char key) { return {key}; }
    static bool write(json_writer& out, char key) {
        if (static_cast<unsigned char>(key) >= 0x80) return out.fail("a char that is not ASCII cannot be a key");
        return out.key({&key, 1});
    }
    static bool read(json_reader& in, std::string_view name, char& key) {
        if (name.size() != 1) return in.fail("expected a key of one ASCII character");
        key = name.front();
        return true;
    }
    static void schema(schema_writer& out) { codec<char>::schema(out); }
};

template <json_integer Key>
struct map_key<Key> {
    static constexpr bool decodable = true;
    static std::string text(Key key) { return std::to_string(key); }
    static bool write(json_writer& out, Key key) { return out.key(text(key)); }

    static bool read(json_reader& in, std::string_view name, Key& key) {
        const char* const end = name.data() + name.size();
        const std::from_chars_result got = std::from_chars(name.data(), end, key);
        if (got.ec == std::errc::result_out_of_range && got.ptr == end) {
            return in.fail("key is out of range (" + std::to_string(std::numeric_limits<Key>::min()) + " to " +
                           std::to_string(std::numeric_limits<Key>::max()) + ")");
        }
        if (got.ec != std::errc{} || got.ptr != end || text(key) != name) return in.fail("expected an integer as key");
        return true;
    }

    static void schema(schema_writer& out) {
        out.integer_text(std::numeric_limits<Key>::min(), std::numeric_limits<Key>::max());
    }
};

template <plain_enum Key>
struct map_key<Key> {
    using underlying = std::underlying_type_t<Key>;
    static constexpr bool decodable = true;
    static std::string text(Key key) { return std::to_string(static_cast<underlying>(key)); }
    static bool write(json_writer& out, Key key) { return out.key(text(key)); }
    static bool read(json_reader& in, std::string_view name, Key& key) {
        underlying number{};
        if (!map_key<underlying>::read(in, name, number)) return false;
        key = static_cast<Key>(number);
        return true;
    }
    static void schema(schema_writer& out) { map_key<underlying>::schema(out); }
};

template <described_enum Key>
struct map_key<Key> {
    static constexpr bool decodable = true;
    static std::string_view text(Key key) { return enumerator_name(key); }
    static bool write(json_writer& out, Key key) {
        const std::string_view name = enumerator_name(key);
        return name.empty() ? out.fail(unnamed_enumerator(key)) : out.key(name);
    }
    static bool read(json_reader& in, std::string_view name, Key& key) {
        return enumerator_from_name(name, key) || in.fail(unknown_enumerator<Key>(name));
    }
    static void schema(schema_writer& out) { codec<Key>::schema(out); }
};

}  // namespace farcall::detail
