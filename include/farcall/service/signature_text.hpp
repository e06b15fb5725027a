#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <farcall/service/detail/token.hpp>

/// @file
/// Reads a signature's own text at compile time: where it ends, its parameters, their names.

namespace farcall::detail {

constexpr std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && white_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && white_space(text.back())) text.remove_suffix(1);
    return text;
}

/// The text before the first comma on the top level; moves `rest` behind that comma.
constexpr std::string_view next_part(std::string_view& rest) noexcept {
    item_reader reader{rest};
    for (item current = reader.next(); !current.ended(); current = reader.next()) {
        if (current.is(",")) {
            const std::string_view part = trimmed(rest.substr(0, current.begin));
            rest.remove_prefix(current.end);
            return part;
        }
    }
    const std::string_view part = trimmed(rest);
    rest = {};
    return part;
}

/// The signature in the text of an entry behind the method's name: "int(int a, int b), readonly" has "int(int a, int b)".
constexpr std::string_view signature_of(std::string_view tail) noexcept { return next_part(tail); }

/// What is between the parentheses of a signature's parameter list: the last on the top level, or the last before
/// a trailing `->`.
constexpr std::string_view parameter_list(std::string_view signature) noexcept {
    std::string_view list;
    item_reader reader{signature};
    for (item current = reader.next(); !current.ended() && !current.is("->"); current = reader.next()) {
        if (current.opens('(')) list = current.inner;
    }
    list = trimmed(list);
    return list == "void" ? std::string_view{} : list;
}

constexpr std::size_t parameter_count(std::string_view list) noexcept {
    if (list.empty()) return 0;
    std::size_t count = 1;
    item_reader reader{list};
    for (item current = reader.next(); !current.ended(); current = reader.next()) count += current.is(",");
    return count;
}

template <std::size_t Size>
constexpr bool one_of(std::string_view word, const std::string_view (&words)[Size]) noexcept {
    for (const std::string_view candidate : words) {
        if (word == candidate) return true;
    }
    return false;
}

inline constexpr std::string_view type_keywords[] = {
    "void", "bool", "char", "char8_t", "char16_t", "char32_t", "wchar_t", "short", "int", "long", "signed", "unsigned",
    "float", "double", "auto", "__int128", "__signed", "__signed__", "_Bool", "_Complex"};
inline constexpr std::string_view qualifiers[] = {
    "const", "volatile", "typename", "template", "register", "constexpr", "__const", "__volatile", "__restrict",
    "__restrict__", "__extension__", "__attribute__", "alignas"};
inline constexpr std::string_view class_keys[] = {"struct", "class", "enum", "union"};
inline constexpr std::string_view type_operators[] = {"decltype", "typeof", "__typeof", "__typeof__", "_BitInt"};

/// Whether a parenthesised group holds a declarator, as in `(*fp)`, `(&arr)`, `(type::*member)`: not parameters.
constexpr bool holds_declarator(std::string_view group) noexcept {
    item_reader reader{group};
    bool may_begin = true;
    for (item current = reader.next(); !current.ended(); current = reader.next()) {
        if (current.is("*") || current.is("&") || current.is("&&")) return may_begin;
        if (!current.is("::") && !current.opens('<') && current.front.kind != token_kind::word) return false;
        may_begin = current.is("::");
    }
    return false;
}

/// The name that a declarator gives, or nothing.
///
/// A word is the name if the type before it is complete: the first identifier is the type itself, unless a type
/// keyword came first (`unsigned count`), and so is what follows `::`, `struct` and the like.
constexpr std::string_view declared_name(std::string_view text, bool type_seen) noexcept {
    std::string_view name;
    bool part_of_type = false;    // the next word continues the type, after `::` or `struct`
    bool type_operator = false;   // the next group belongs to `decltype`
    item_reader reader{text};
    for (item current = reader.next(); !current.ended(); current = reader.next()) {
        const std::string_view word = current.front.text;
        if (current.is("=")) break;
        if (current.is("...")) return {};
        if (current.opens('(')) {
            if (type_operator) {
                type_seen = true;
            } else if (type_seen && name.empty() && holds_declarator(current.inner)) {
                return declared_name(current.inner, true);
            }
        } else if (current.opens('<') || current.is("::")) {
            name = {};
            part_of_type = !current.group;
            type_operator = false;
            continue;
        } else if (current.front.kind == token_kind::word) {
            if (one_of(word, qualifiers)) continue;
            if (one_of(word, class_keys)) {
                part_of_type = true;
                continue;
            }
            type_operator = one_of(word, type_operators);
            if (type_operator) continue;
            if (one_of(word, type_keywords) || part_of_type || !type_seen) {
                type_seen = true;
                name = {};
            } else {
                name = word;
            }
        }
        type_operator = false;
        if (!current.opens('[')) part_of_type = false;
    }
    return name;
}

/// The name of a parameter, such as "v" of "std::vector<int> v"; empty where it has none.
constexpr std::string_view parameter_name(std::string_view parameter) noexcept {
    return declared_name(parameter, false);
}

/// Whether a parameter in the list has a default argument.
constexpr bool has_default_argument(std::string_view list) noexcept {
    item_reader reader{list};
    for (item current = reader.next(); !current.ended(); current = reader.next()) {
        if (current.is("=")) return true;
    }
    return false;
}

/// The names of a signature's parameters, in order.
///
/// All are empty if the text does not have `Count` parameters or gives a name twice: a text that was read wrongly
/// may cost the names, and never gives wrong ones.
template <std::size_t Count>
constexpr std::array<std::string_view, Count> parameter_names(std::string_view signature) noexcept {
    std::array<std::string_view, Count> names{};
    std::string_view rest = parameter_list(signature);
    if (parameter_count(rest) != Count) return names;
    for (std::size_t i = 0; i != Count; ++i) {
        names[i] = parameter_name(next_part(rest));
        for (std::size_t j = 0; j != i; ++j) {
            if (!names[i].empty() && names[i] == names[j]) return {};
        }
    }
    return names;
}

}  // namespace farcall::detail
