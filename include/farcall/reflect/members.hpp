#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/reflect/aggregate.hpp>
#include <farcall/reflect/described.hpp>

namespace farcall {

/// A class whose members are known by name: described with Boost.Describe, or else a plain aggregate.
///
/// A description wins: it also names bases and private members.
template <class T>
concept reflected = described_class<T> || plain_aggregate<T>;

namespace detail {

template <class T>
struct reflection {
    static_assert(
        aggregate_flaw<T>().empty(),
        "farcall: the fields of this struct cannot be seen, because of a base class, a C array, a reference or "
        "more than 100 of them; describe it with BOOST_DESCRIBE_STRUCT");

    static constexpr std::size_t count = aggregate_size<T>();

    template <std::size_t I>
    static constexpr std::string_view name() noexcept {
        return field_name<T, count, I>();
    }

    template <std::size_t I, class Value>
    static constexpr auto& get(Value& value) noexcept {
        return pick<I>(bind_fields(value, field_count_constant<count>{}));
    }
};

template <described_class T>
struct reflection<T> {
    using descriptors = member_descriptors<T>;
    static constexpr std::size_t count = boost::mp11::mp_size<descriptors>::value;

    template <std::size_t I>
    static constexpr std::string_view name() noexcept {
        return boost::mp11::mp_at_c<descriptors, I>::name;
    }

    template <std::size_t I, class Value>
    static constexpr auto& get(Value& value) noexcept {
        return value.*boost::mp11::mp_at_c<descriptors, I>::pointer;
    }
};

}  // namespace detail

/// How many members a class has.
template <reflected T>
inline constexpr std::size_t member_count = detail::reflection<T>::count;

/// The name of member `I`, in the order of declaration (or description).
template <reflected T, std::size_t I>
[[nodiscard]] constexpr std::string_view member_name() noexcept {
    return detail::reflection<T>::template name<I>();
}

/// Member `I` of a value.
template <std::size_t I, class T>
requires reflected<std::remove_const_t<T>>
[[nodiscard]] constexpr auto& member(T& value) noexcept {
    return detail::reflection<std::remove_const_t<T>>::template get<I>(value);
}

/// The declared type of member `I`.
template <reflected T, std::size_t I>
using member_type = std::remove_reference_t<decltype(farcall::member<I>(std::declval<T&>()))>;

/// Calls `visit.template operator()<I>()` for each member in order until one call returns false.
/// @returns whether none did
template <reflected T, class Visit>
constexpr bool every_member(Visit&& visit) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return (visit.template operator()<I>() && ...);
    }
    (std::make_index_sequence<member_count<T>>{});
}

}  // namespace farcall
