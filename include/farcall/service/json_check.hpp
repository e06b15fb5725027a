#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/fixed_string.hpp>
#include <farcall/service/attributes.hpp>
#include <farcall/service/descriptor.hpp>
#include <farcall/service/signature_check.hpp>
#include <farcall/service/type_list.hpp>

/// @file
/// Refuses a method with types that have no JSON form. The skeleton and the proxy call it, since they know the codec.

namespace farcall {

/// Says in a compiler's message why a type has no JSON form.
template <fixed_string... Reason>
struct because;

namespace detail {

template <int Position, fixed_string Name, class Type, const std::string_view& Reason>
using json_form_mistake = declaration_with<mistake::no_json_form, parameter<Position, Name>, Type,
                                      because<fixed_string<Reason.size() + 1>{Reason}>>;

/// Refuses one parameter of `Method` if `Problem` has something against its stored type.
template <class Method, template <class> class Problem, std::size_t Position, class Stored>
consteval void check_parameter() {
    if constexpr (!Problem<Stored>::text.empty()) {
        constexpr std::string_view name = Method::parameter_names[Position];
        Method::template farcall_check_json_form<
            json_form_mistake<int{Position}, fixed_string<name.size() + 1>{name}, Stored, Problem<Stored>::text>>();
    }
}

template <class Method, template <class> class Problem, class... Stored, std::size_t... Positions>
consteval void check_parameters(type_list<Stored...>, std::index_sequence<Positions...>) {
    (check_parameter<Method, Problem, Positions, Stored>(), ...);
}

template <class Method, template <class> class Problem, int Position, fixed_string Name, class Type>
consteval void check_outcome() {
    if constexpr (!std::is_void_v<Type>) {
        if constexpr (!Problem<Type>::text.empty()) {
            Method::template farcall_check_json_form<json_form_mistake<Position, Name, Type, Problem<Type>::text>>();
        }
    }
}

template <class Method, template <class> class Problem, class... Errors>
consteval void check_errors(type_list<Errors...>) {
    (check_outcome<Method, Problem, -2, "throws", Errors>(), ...);
}

/// True, or a compile-time error that names service, method, parameter, type and reason.
///
/// @tparam OfParameter, OfOutcome  templates over a type with `static constexpr std::string_view text`, which is empty
///         for a type that has what is needed; otherwise it says what is missing, with the path to the member. The
///         first is asked for stored parameter types, the second for the result and the declared exceptions.
template <class Method, template <class> class OfParameter, template <class> class OfOutcome>
consteval bool check_json_forms() {
    detail::check_parameters<Method, OfParameter>(typename Method::stored{},
                                                  std::make_index_sequence<Method::arity>{});
    detail::check_outcome<Method, OfOutcome, -1, "result", std::remove_cv_t<typename Method::result>>();
    detail::check_errors<Method, OfOutcome>(thrown_types<Method>{});
    return true;
}

}  // namespace detail

}  // namespace farcall
