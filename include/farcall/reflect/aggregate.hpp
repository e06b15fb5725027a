#pragma once

#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/reflect/bind_fields.hpp>
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
    requires(std::is_base_of_v<Base, Derived> && !std::is_same_v<Base, Derived>) operator Base() const noexcept;
};

template <class T>
concept has_base = requires {
    T{any_base_of<T>{}};
};

/// Stands for a value of whatever type a field has. It is a new value and never an existing one: that would make
/// Clang instantiate the copy constructor of the field, which breaks on a vector of what cannot be copied. Never
/// called; it has a body because Clang also instantiates the constructor of a `std::optional` field, and then wants
/// one for types that have no linkage.
template <std::size_t>
struct any_value {
    template <class T>
    operator T() const&& noexcept {
        std::abort();
    }
};

/// Stands for what a reference refers to.
template <std::size_t>
struct any_object {
    template <class T>
    operator T&() const&& noexcept;
};

template <class T, template <std::size_t> class Any, std::size_t... I>
constexpr bool initialisable(std::index_sequence<I...>) noexcept {
    return requires {
        T{Any<I>{}...};
    };
}

template <class T, std::size_t Count, template <std::size_t> class Any = any_value>
constexpr bool initialisable_by = initialisable<T, Any>(std::make_index_sequence<Count>{});

inline constexpr std::size_t no_fields_found = static_cast<std::size_t>(-1);

/// The most values that `T` can be initialised with, looked for upwards and to one beyond what is supported; those
/// before the first field that must be initialised are too few.
template <class T, template <std::size_t> class Any = any_value, std::size_t Count = 0, bool Enough = false>
constexpr std::size_t count_fields() noexcept {
    if constexpr (initialisable_by<T, Count, Any>) {
        if constexpr (Count > most_fields) {
            return Count;
        } else {
            return count_fields<T, Any, Count + 1, true>();
        }
    } else if constexpr (Enough) {
        return Count - 1;
    } else if constexpr (Count > most_fields || Count > sizeof(T)) {
        return no_fields_found;
    } else {
        return count_fields<T, Any, Count + 1, false>();
    }
}

template <class T>
inline constexpr std::size_t field_count = count_fields<T>();

/// Whether `T{any x Before, {}, any x After}` is an initialisation. Inside the braces of `T` an array of three takes
/// three values, but a `{}` of its own stands for the whole array. An array whose elements have no default constructor
/// escapes this test; the compiler stops in `bind_fields` then.
template <class T, std::size_t... Before, std::size_t... After>
constexpr bool takes_braces(std::index_sequence<Before...>, std::index_sequence<After...>) noexcept {
    return requires {
        T{any_value<Before>{}..., {}, any_value<After>{}...};
    };
}

template <class T, std::size_t Before, std::size_t After>
constexpr bool takes_braces_at = takes_braces<T>(std::make_index_sequence<Before>{}, std::make_index_sequence<After>{});

/// Whether `{}` at `I` leaves room for fewer values than a field would: `After` and all below are tried.
template <class T, std::size_t I, std::size_t After>
constexpr bool braces_take_several() noexcept {
    if constexpr (takes_braces_at<T, I, After>) {
        return true;
    } else if constexpr (After == 0) {
        return false;
    } else {
        return braces_take_several<T, I, After - 1>();
    }
}

template <class T, std::size_t Count, std::size_t I = 0>
constexpr bool has_array() noexcept {
    if constexpr (I + 1 >= Count) {
        return false;
    } else if constexpr (takes_braces_at<T, I, Count - I - 1>) {
        return has_array<T, Count, I + 1>();
    } else if constexpr (braces_take_several<T, I, Count - I - 2>()) {
        return true;
    } else {
        // The field merely has no default constructor: no number of further values helps.
        return has_array<T, Count, I + 1>();
    }
}

template <class T, std::size_t Count, std::size_t I>
using field_type =
    std::remove_reference_t<decltype(pick<I>(bind_fields(std::declval<T&>(), field_count_constant<Count>{})))>;

template <class T, std::size_t Count>
constexpr bool has_array_of_one() noexcept {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return (std::is_array_v<field_type<T, Count, I>> || ...);
    }
    (std::make_index_sequence<Count>{});
}

template <class T, std::size_t Count>
constexpr bool has_reference() noexcept {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return !(addressable_field<T, Count, I> && ...);
    }
    (std::make_index_sequence<Count>{});
}

/// Why the fields of an aggregate cannot be seen; empty if they can.
template <plain_aggregate T>
consteval std::string_view aggregate_flaw() noexcept {
    constexpr std::string_view array =
        "a C array in it hides its fields; use std::array, or describe it with BOOST_DESCRIBE_STRUCT";
    constexpr std::string_view reference = "a reference in it refers to nothing in JSON; make it a value";
    constexpr std::string_view too_many =
        "it has more than 100 fields, or a C array; use std::array, or describe it with BOOST_DESCRIBE_STRUCT";
    if constexpr (has_base<T>) {
        return "its base class hides its fields; describe it with BOOST_DESCRIBE_STRUCT";
    } else if constexpr (std::is_empty_v<T>) {
        return {};
    } else if constexpr (constexpr std::size_t count = field_count<T>; count == no_fields_found) {
        if constexpr (count_fields<T, any_object>() != no_fields_found) return reference;
        return "its fields cannot be told apart; describe it with BOOST_DESCRIBE_STRUCT";
    } else if constexpr (count > most_fields) {
        return too_many;
    } else if constexpr (has_array<T, count>()) {
        return array;
    } else if constexpr (has_array_of_one<T, count>()) {
        return array;
    } else if constexpr (has_reference<T, count>()) {
        return reference;
    } else {
        return {};
    }
}

/// The number of fields; 0 for an aggregate that has a flaw.
template <plain_aggregate T>
consteval std::size_t aggregate_size() noexcept {
    if constexpr (std::is_empty_v<T> || !aggregate_flaw<T>().empty()) {
        return 0;
    } else {
        return field_count<T>;
    }
}

}  // namespace detail
}  // namespace farcall
