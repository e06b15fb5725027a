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

/// A `type_list` of the mistake, or an empty one.
template <template <class> class Problem, int Position, fixed_string Name, class Type>
consteval auto json_form_mistake_of() {
    if constexpr (std::is_void_v<Type>) {
        return type_list<>{};
    } else if constexpr (Problem<Type>::text.empty()) {
        return type_list<>{};
    } else {
        return type_list<json_form_mistake<Position, Name, Type, Problem<Type>::text>>{};
    }
}

template <class Method, std::size_t Position>
inline constexpr fixed_string<Method::parameter_names[Position].size() + 1> name_at{Method::parameter_names[Position]};

template <class Method, template <class> class Problem, class... Stored, std::size_t... Positions>
auto mistakes_in_parameters(type_list<Stored...>, std::index_sequence<Positions...>) -> typename join_lists<
    decltype(json_form_mistake_of<Problem, int{Positions}, name_at<Method, Positions>, Stored>())...>::type;

template <template <class> class Problem, class... Errors>
auto mistakes_in_errors(type_list<Errors...>) ->
    typename join_lists<decltype(json_form_mistake_of<Problem, -2, "throws", Errors>())...>::type;

template <class First, class... Rest>
First first_mistake(type_list<First, Rest...>);
flawless_declaration first_mistake(type_list<>);

/// True, or a compile-time error that names service, method, parameter, type and reason.
///
/// @tparam OfParameter, OfOutcome  templates over a type with `static constexpr std::string_view text`, which is empty
///         for a type that has what is needed; otherwise it says what is missing, with the path to the member. The
///         first is asked for stored parameter types, the second for the result and the declared exceptions.
template <class Method, template <class> class OfParameter, template <class> class OfOutcome>
consteval bool check_json_forms() {
    using in_parameters = decltype(mistakes_in_parameters<Method, OfParameter>(
        typename Method::stored{}, std::make_index_sequence<Method::arity>{}));
    using in_result =
        decltype(json_form_mistake_of<OfOutcome, -1, "result", std::remove_cv_t<typename Method::result>>());
    using in_errors = decltype(mistakes_in_errors<OfOutcome>(thrown_types<Method>{}));
    using first =
        decltype(detail::first_mistake(typename join_lists<in_parameters, in_result, in_errors>::type{}));
    if constexpr (requires { typename Method::farcall_declared; }) {
        Method::template farcall_check_json_form<first>();
    } else {
        static_assert(free_of<first, mistake::no_json_form>, "a type of a method has no JSON form: see the note");
    }
    return true;
}

}  // namespace detail

}  // namespace farcall
