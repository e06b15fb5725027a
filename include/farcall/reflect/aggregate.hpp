#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>

#include <farcall/reflect/field_name.hpp>
#include <farcall/reflect/type_name.hpp>

namespace farcall {

/// A struct without constructors, private fields and virtual functions: its fields and their names are known to the
/// library without a macro.
template <class T>
concept plain_aggregate = std::is_class_v<T> && std::is_aggregate_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>;

namespace detail {

/// Converts to a base class of `Derived` and to nothing else.
template <class Derived>
struct any_base_of {
    template <class Base>
        requires(std::is_base_of_v<Base, Derived> && !std::is_same_v<Base, Derived>)
    operator Base() const noexcept;
};

template <class T>
concept has_base = requires { T{any_base_of<T>{}}; };

/// Stands for a value of whatever type a field has.
struct any_lvalue {
    template <class T>
    operator T&() const& noexcept;
    template <class T>
    operator T&() const&& noexcept;
};
struct any_rvalue {
    template <class T>
    operator T() const&& noexcept;
};

template <class T, std::size_t>
using any_value = std::conditional_t<std::is_copy_constructible_v<T>, any_lvalue, any_rvalue>;

/// Whether `T{any x Before, {}, any x After}` is an initialisation. Inside the braces of `T` an array of three takes
/// three of Boost.PFR's "fields", but a `{}` of its own stands for the whole array. An array whose elements have no default
/// constructor escapes this test; Boost.PFR itself does not compile with it.
template <class T, std::size_t... Before, std::size_t... After>
constexpr bool takes_braces(std::index_sequence<Before...>, std::index_sequence<After...>) noexcept {
    return requires { T{any_value<T, Before>{}..., {}, any_value<T, After>{}...}; };
}

template <class T, std::size_t Count, std::size_t I>
constexpr bool array_begins_at() noexcept {
    if (takes_braces<T>(std::make_index_sequence<I>{}, std::make_index_sequence<Count - I - 1>{})) return false;
    // Not an array either if the field merely has no default constructor: then no number of further values helps.
    return []<std::size_t... Fewer>(std::index_sequence<Fewer...>) {
        return (takes_braces<T>(std::make_index_sequence<I>{}, std::make_index_sequence<Count - I - 2 - Fewer>{}) || ...);
    }(std::make_index_sequence<Count - I - 1>{});
}

template <class T, std::size_t Count>
constexpr bool has_array() noexcept {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return (array_begins_at<T, Count, I>() || ...);
    }(std::make_index_sequence<Count>{});
}

template <class T, std::size_t Count>
constexpr bool has_array_of_one_or_reference(bool& reference) noexcept {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        reference = !(addressable_field<T, I> && ...);
        return (std::is_array_v<std::remove_cvref_t<decltype(boost::pfr::get<I>(std::declval<T&>()))>> || ...);
    }(std::make_index_sequence<Count>{});
}

/// Why the fields of an aggregate cannot be seen; empty if they can.
template <plain_aggregate T>
consteval std::string_view aggregate_flaw() noexcept {
    constexpr std::string_view array =
        "a C array in it hides its fields; use std::array, or describe it with BOOST_DESCRIBE_STRUCT";
    if constexpr (std::is_empty_v<T> && !has_base<T>) {
        return {};
    } else if constexpr (has_base<T>) {
        return "its base class hides its fields; describe it with BOOST_DESCRIBE_STRUCT";
    } else if constexpr (constexpr std::size_t count = boost::pfr::tuple_size_v<T>; has_array<T, count>()) {
        return array;
    } else {
        bool reference = false;
        if (has_array_of_one_or_reference<T, count>(reference)) return array;
        if (reference) return "a reference in it refers to nothing in JSON; make it a value";
        return {};
    }
}

template <plain_aggregate T>
consteval std::size_t aggregate_size() noexcept {
    if constexpr (std::is_empty_v<T> || !aggregate_flaw<T>().empty()) {
        return 0;
    } else {
        return boost::pfr::tuple_size_v<T>;
    }
}

}  // namespace detail
}  // namespace farcall
