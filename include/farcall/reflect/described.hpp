#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/list.hpp>

namespace farcall {

/// A class whose members were named with `BOOST_DESCRIBE_STRUCT` or `BOOST_DESCRIBE_CLASS`.
template <class T>
concept described_class = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

/// An enum whose enumerators were named with `BOOST_DESCRIBE_ENUM` or `BOOST_DEFINE_ENUM`.
template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

namespace detail {

/// Descriptors of all data members: bases first, then its own, public, protected and private.
template <described_class T>
using member_descriptors =
    boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

}  // namespace detail

/// Calls `visit(value, name)` for every enumerator in the order of its description until one call returns true.
/// @returns whether one did
template <described_enum E, class Visit>
constexpr bool any_enumerator(Visit&& visit) {
    return []<template <class...> class List, class... Descriptor>(List<Descriptor...>*, Visit& each) {
        return (each(Descriptor::value, std::string_view{Descriptor::name}) || ...);
    }(static_cast<boost::describe::describe_enumerators<E>*>(nullptr), visit);
}

/// The name of an enumerator; empty for a value that has none.
template <described_enum E>
[[nodiscard]] constexpr std::string_view enumerator_name(E value) noexcept {
    std::string_view found;
    any_enumerator<E>([&](E candidate, std::string_view name) {
        if (candidate != value) return false;
        found = name;
        return true;
    });
    return found;
}

/// Finds an enumerator by its name.
/// @returns whether there is one; `value` is changed only then
template <described_enum E>
[[nodiscard]] constexpr bool enumerator_from_name(std::string_view wanted, E& value) noexcept {
    return any_enumerator<E>([&](E candidate, std::string_view name) {
        if (name != wanted) return false;
        value = candidate;
        return true;
    });
}

}  // namespace farcall
