#pragma once

#include <string_view>

namespace farcall {

/// The six kinds of JSON values, and `none` where no value begins.
enum class json_kind : unsigned char { null, boolean, number, string, array, object, none };

/// "null", "boolean", "number", "string", "array", "object" or "nothing".
[[nodiscard]] constexpr std::string_view to_string(json_kind kind) noexcept {
    constexpr std::string_view names[] = {"null", "boolean", "number", "string", "array", "object", "nothing"};
    return names[static_cast<unsigned char>(kind)];
}

/// A set of JSON kinds: what the encoding of a type can be.
struct json_kinds {
    unsigned char bits = 0;  ///< one a kind

    constexpr json_kinds() = default;
    /// One kind alone.
    constexpr json_kinds(json_kind kind) noexcept
        : bits(static_cast<unsigned char>(1u << static_cast<unsigned>(kind))) {}

    /// Whether it has the kind.
    [[nodiscard]] constexpr bool contains(json_kind kind) const noexcept {
        return (bits >> static_cast<unsigned>(kind) & 1u) != 0;
    }
    /// Whether both have a kind in common.
    [[nodiscard]] constexpr bool overlaps(json_kinds other) const noexcept { return (bits & other.bits) != 0; }

    /// All kinds of both.
    friend constexpr json_kinds operator|(json_kinds a, json_kinds b) noexcept {
        json_kinds both;
        both.bits = static_cast<unsigned char>(a.bits | b.bits);
        return both;
    }
    /// The same kinds.
    friend constexpr bool operator==(json_kinds, json_kinds) noexcept = default;

    /// Every kind.
    [[nodiscard]] static constexpr json_kinds any() noexcept {
        json_kinds all;
        all.bits = 0x3f;
        return all;
    }
};

/// Both kinds.
constexpr json_kinds operator|(json_kind a, json_kind b) noexcept { return json_kinds{a} | json_kinds{b}; }

namespace detail {

/// The kind of value that begins with a byte; `none` if none does.
constexpr json_kind kind_of(char first) noexcept {
    switch (first) {
        case 'n':
            return json_kind::null;
        case 't':
        case 'f':
            return json_kind::boolean;
        case '"':
            return json_kind::string;
        case '[':
            return json_kind::array;
        case '{':
            return json_kind::object;
        case '-':
            return json_kind::number;
        default:
            return first >= '0' && first <= '9' ? json_kind::number : json_kind::none;
    }
}

}  // namespace detail
}  // namespace farcall
