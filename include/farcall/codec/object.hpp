#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/codec/codec.hpp>
#include <farcall/reflect/members.hpp>

namespace farcall {

namespace detail {

/// The text of a member's name in an object, ready to copy: `,"price":`
template <class T, std::size_t I>
struct member_key {
    static constexpr std::size_t size = member_name<T, I>().size();
    static constexpr std::array<char, size + 4> chars = [] {
        std::array<char, size + 4> text{',', '"'};
        std::size_t i = 2;
        for (char c : member_name<T, I>()) text[i++] = c;
        text[i++] = '"';
        text[i] = ':';
        return text;
    }();
    static constexpr std::string_view quoted{chars.data(), size + 4};
    static constexpr std::string_view name = member_name<T, I>();
};

template <class T, class Indices = std::make_index_sequence<member_count<T>>>
struct member_types;

template <class T, std::size_t... I>
struct member_types<T, std::index_sequence<I...>> {
    using parts = part_list<member_type<T, I>...>;
    static constexpr std::array<std::string_view, sizeof...(I)> names{member_key<T, I>::name...};
};

}  // namespace detail

/// Plain aggregates and described classes: an object with the members' names. Unknown members are ignored, repeated
/// ones are an error, missing ones are an error unless they are optional.
template <reflected T>
struct codec<T> {
    static constexpr json_kinds kinds = json_kind::object;

    template <coding>
    static consteval std::string_view flaw() {
        if constexpr (described_class<T>) {
            return {};
        } else {
            return detail::aggregate_flaw<T>();
        }
    }

    /// The deduced result is looked at only when needed, for the types of a flawed aggregate cannot be.
    static consteval auto parts() { return typename detail::member_types<T>::parts{}; }
    static constexpr std::string_view part_name(std::size_t index) { return detail::member_types<T>::names[index]; }

    static bool encode(json_writer& out, const T& value) {
        if (!out.begin_object()) return false;
        const bool good = every_member<T>([&]<std::size_t I>() {
            using key = detail::member_key<T, I>;
            using type = std::remove_const_t<member_type<T, I>>;
            out.key_quoted(key::quoted);
            return codec<type>::encode(out, member<I>(value)) || out.at_member(key::name);
        });
        if (!good) return false;
        out.end_object();
        return true;
    }

    static bool decode(json_reader& in, T& value) {
        if (!in.begin_object()) return false;
        // Our own writer puts the members in this order: one comparison with the next key each, no lookup.
        std::size_t in_order = 0;
        bool good = true;
        every_member<T>([&]<std::size_t I>() {
            if (!in.next_member_if(detail::member_key<T, I>::quoted.substr(1))) return false;
            good = decode_member<I>(in, value);
            ++in_order;
            return good;
        });
        return good && decode_others(in, value, in_order);
    }

    static void schema(schema_writer& out) { out.component(type_name<T>(), &define); }

private:
    static void define(schema_writer& out) {
        out.object([]<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<schema_member, sizeof...(I)>{
                schema_member{member_name<T, I>(), &write_schema<member_type<T, I>>,
                              !detail::may_be_absent<std::remove_const_t<member_type<T, I>>>}...};
        }(std::make_index_sequence<member_count<T>>{}));
    }

    template <std::size_t I>
    static bool decode_member(json_reader& in, T& value) {
        return codec<member_type<T, I>>::decode(in, member<I>(value)) || in.at_member(detail::member_key<T, I>::name);
    }

    /// Reads what is left in whatever order; the first `in_order` members have been seen.
    static bool decode_others(json_reader& in, T& value, std::size_t in_order) {
        constexpr std::size_t count = member_count<T>;
        std::array<bool, count + 1> seen{};
        for (std::size_t i = 0; i != in_order; ++i) seen[i] = true;
        std::size_t likely = in_order;
        for (std::string_view name; in.next_member(name);) {
            const std::size_t index = find(name, likely);
            if (index == count) {
                if (!in.skip_value()) return false;
                continue;
            }
            if (seen[index]) {
                in.fail("repeated member");
                return in.at_member(detail::member_types<T>::names[index]);
            }
            seen[index] = true;
            likely = index + 1;
            bool good = true;
            every_member<T>([&]<std::size_t I>() {
                if (I != index) return true;
                good = decode_member<I>(in, value);
                return false;
            });
            if (!good) return false;
        }
        if (!in.ok()) return false;
        return every_member<T>([&]<std::size_t I>() {
            if (seen[I]) return true;
            using type = member_type<T, I>;
            if constexpr (detail::may_be_absent<type>) {
                codec<type>::absent(member<I>(value));
                return true;
            } else {
                in.fail("missing member");
                return in.at_member(detail::member_key<T, I>::name);
            }
        });
    }

    static std::size_t find(std::string_view name, std::size_t likely) {
        constexpr auto& names = detail::member_types<T>::names;
        if (likely < names.size() && names[likely] == name) return likely;
        std::size_t index = 0;
        while (index != names.size() && names[index] != name) ++index;
        return index;
    }
};

}  // namespace farcall
