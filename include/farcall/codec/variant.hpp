#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <farcall/codec/codec.hpp>
#include <farcall/codec/null.hpp>
#include <farcall/reflect/type_name.hpp>

namespace farcall {

namespace detail {

/// The name of an alternative in the tagged form. The same with every compiler: integers by their size, classes and
/// enums by their own name without namespaces and template arguments.
template <class T>
consteval std::string_view alternative_name() {
    if constexpr (requires { std::string_view{codec<T>::name}; }) {
        return codec<T>::name;
    } else if constexpr (std::is_same_v<T, bool>) {
        return "bool";
    } else if constexpr (std::is_same_v<T, char>) {
        return "char";
    } else if constexpr (std::is_integral_v<T>) {
        constexpr std::string_view names[2][4] = {{"uint8", "uint16", "uint32", "uint64"},
                                                  {"int8", "int16", "int32", "int64"}};
        return names[std::is_signed_v<T>][sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3];
    } else if constexpr (std::is_same_v<T, std::string>) {
        return "string";
    } else if constexpr (std::is_same_v<T, std::monostate>) {
        return "null";
    } else {
        const std::string_view name = unqualified_type_name<T>();
        return name.substr(0, name.find('<'));
    }
}

template <class... T>
struct alternatives {
    static constexpr std::size_t count = sizeof...(T);
    static constexpr std::array<json_kinds, count> kinds{kinds_of<T>()...};
    static constexpr std::array<std::string_view, count> names{alternative_name<T>()...};

    static constexpr json_kinds all_kinds = (kinds_of<T>() | ...);

    /// Whether the JSON kind alone tells which alternative it is.
    static constexpr bool told_by_kind = [] {
        for (std::size_t i = 0; i != count; ++i) {
            for (std::size_t j = 0; j != i; ++j) {
                if (kinds[i].overlaps(kinds[j])) return false;
            }
        }
        return true;
    }();

    static constexpr bool names_differ = [] {
        for (std::size_t i = 0; i != count; ++i) {
            for (std::size_t j = 0; j != i; ++j) {
                if (names[i] == names[j]) return false;
            }
        }
        return true;
    }();
};

}  // namespace detail

/// The value of the alternative itself where its JSON kind tells which one it is, as in
/// `std::variant<std::monostate, int, std::string>`; otherwise, for all alternatives, an object with a tag:
/// `{"type":"circle","value":{"radius":2}}`. The form depends on the type alone, so nothing is ever taken for
/// another alternative. `std::monostate` is `null`. The tag is the alternative's own name without namespaces
/// ("circle", "string", "int32"); a codec can choose another with `static constexpr std::string_view name`.
template <class... T>
struct codec<std::variant<T...>> {
    using variant = std::variant<T...>;
    using traits = detail::alternatives<T...>;
    static constexpr json_kinds kinds = traits::told_by_kind ? traits::all_kinds : json_kinds{json_kind::object};

    static consteval detail::part_list<T...> parts() { return {}; }
    static constexpr detail::static_text part_name(std::size_t index) {
        return detail::static_text{"alternative "}.append_number(index);
    }

    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (!(detail::has_codec<T> && ...)) {
            return {};
        } else if constexpr (!traits::told_by_kind && !traits::names_differ) {
            return "two of its alternatives have the same JSON name and cannot be told apart; wrap them in structs of "
                   "their own";
        } else if constexpr (Way == coding::decoding && !(std::is_default_constructible_v<T> && ...)) {
            return "it cannot be decoded, for one of its alternatives has no default constructor";
        } else {
            return {};
        }
    }

    static bool encode(json_writer& out, const variant& value) {
        if (value.valueless_by_exception()) return out.fail("a variant that lost its value has no JSON form");
        if constexpr (!traits::told_by_kind) {
            if (!out.begin_object()) return false;
            out.key_quoted(",\"type\":");
            if (!out.string(traits::names[value.index()])) return false;
            out.key_quoted(",\"value\":");
        }
        const bool good = visit_index(value.index(), [&]<std::size_t I>() {
            return codec<std::variant_alternative_t<I, variant>>::encode(out, *std::get_if<I>(&value));
        });
        if constexpr (!traits::told_by_kind) {
            if (!good) return out.at_member("value");
            out.end_object();
        }
        return good;
    }

    static bool decode(json_reader& in, variant& value) {
        if constexpr (traits::told_by_kind) {
            const json_kind kind = in.peek();
            for (std::size_t index = 0; index != traits::count; ++index) {
                if (traits::kinds[index].contains(kind)) return decode_alternative(in, value, index);
            }
            return in.wrong_kind(expected_kinds());
        } else {
            return decode_tagged(in, value);
        }
    }

    static void schema(schema_writer& out) {
        constexpr std::array<schema_function, sizeof...(T)> alternatives{&write_schema<T>...};
        if constexpr (traits::told_by_kind) {
            out.one_of(alternatives);
        } else {
            out.one_of(alternatives, traits::names);
        }
    }

private:
    template <class Visit>
    static bool visit_index(std::size_t index, Visit&& visit) {
        bool good = false;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            static_cast<void>(((I == index && (good = visit.template operator()<I>(), true)) || ...));
        }
        (std::index_sequence_for<T...>{});
        return good;
    }

    static bool decode_alternative(json_reader& in, variant& value, std::size_t index) {
        return visit_index(index, [&]<std::size_t I>() {
            return codec<std::variant_alternative_t<I, variant>>::decode(in, value.template emplace<I>());
        });
    }

    static bool decode_tagged(json_reader& in, variant& value) {
        if (!in.begin_object()) return false;
        std::size_t index = traits::count;
        json_reader::position content;
        bool content_seen = false;
        bool decoded = false;
        for (std::string_view name; in.next_member(name);) {
            if (name == "type") {
                if (index != traits::count) return repeated(in, "type");
                if (!decode_tag(in, index)) return in.at_member("type");
            } else if (name == "value") {
                if (content_seen) return repeated(in, "value");
                content_seen = true;
                content = in.mark();
                decoded = index != traits::count;
                if (!(decoded ? decode_alternative(in, value, index) : in.skip_value())) return in.at_member("value");
            } else if (!in.skip_value()) {
                return false;
            }
        }
        if (!in.ok()) return false;
        if (index == traits::count) return missing(in, "type");
        if (!content_seen) return missing(in, "value");
        if (decoded) return true;
        // The tag came after the value, which can be read only now.
        const json_reader::position end = in.mark();
        in.rewind(content);
        if (!decode_alternative(in, value, index)) return in.at_member("value");
        in.rewind(end);
        return true;
    }

    static bool decode_tag(json_reader& in, std::size_t& index) {
        std::string_view tag;
        if (!in.string(tag)) return false;
        std::string names;
        for (std::size_t i = 0; i != traits::count; ++i) {
            if (traits::names[i] == tag) {
                index = i;
                return true;
            }
            names.append(i == 0 ? "\"" : ", \"").append(traits::names[i]).append("\"");
        }
        return in.fail("expected one of " + names + ", found \"" + detail::excerpt(tag) + '"');
    }

    static bool repeated(json_reader& in, std::string_view name) {
        in.fail("repeated member");
        return in.at_member(name);
    }

    static bool missing(json_reader& in, std::string_view name) {
        in.fail("missing member");
        return in.at_member(name);
    }

    static std::string expected_kinds() {
        std::string text;
        for (unsigned i = 0; i != 6; ++i) {
            const auto kind = static_cast<json_kind>(i);
            if (!traits::all_kinds.contains(kind)) continue;
            if (!text.empty()) text += " or ";
            text += to_string(kind);
        }
        return text;
    }
};

}  // namespace farcall
