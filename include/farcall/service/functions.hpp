#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/fixed_string.hpp>
#include <farcall/service/descriptor.hpp>
#include <farcall/service/handler.hpp>

namespace farcall {

/// A callable that serves the method of that name, see `on`.
template <fixed_string Name, class Function>
struct named_function {
    Function function;  ///< called with the method's arguments
    /// The method's name.
    static constexpr std::string_view name = Name.view();
};

/// Names a function for `functions`: `farcall::on<"add">(&add)`.
/// @param function  a function pointer or function object; copied or moved
template <fixed_string Name, class Function>
constexpr named_function<Name, std::decay_t<Function>> on(Function&& function) {
    return {std::forward<Function>(function)};
}

namespace detail {

/// Position of what has that name, or the number of candidates.
template <class... Candidates>
consteval std::size_t position_of(std::string_view name, type_list<Candidates...>) {
    std::size_t position = 0;
    (void)((Candidates::name != name && ++position != 0) && ...);
    return position;
}

template <class Named, class S>
concept names_a_method = position_of(Named::name, methods_of<S>{}) != method_count<S>;

/// Cannot be called: the function of a method that none is named for.
struct no_function {};

template <class Method, class... Named>
using function_named = decltype(type_at<position_of(Method::name, type_list<Named...>{}), Named...,
                                        named_function<"", no_function>>::type::function);

template <std::size_t Position, class Named>
struct function_slot {
    Named named;
};

template <class Sequence, class... Named>
class function_slots;
template <std::size_t... Positions, class... Named>
class function_slots<std::index_sequence<Positions...>, Named...> : function_slot<Positions, Named>... {
public:
    constexpr explicit function_slots(Named... functions) : function_slot<Positions, Named>{std::move(functions)}... {}

    template <std::size_t Position>
    constexpr auto& at() noexcept {
        return function_at<Position>(*this);
    }

private:
    template <std::size_t Position, class Function>
    static constexpr auto& function_at(function_slot<Position, Function>& slot) noexcept {
        return slot.named.function;
    }
};

}  // namespace detail

/// A handler made of free functions and function objects, each named for the method that it serves.
///
/// Checked against the declaration like any handler: a method without a function and a function without a method do
/// not compile.
/// @par Thread safety  That of the functions in it.
/// @par Example        server.add<Calculator>(farcall::functions{farcall::on<"add">(&add), farcall::on<"divide">(...)});
template <class... Named>
class functions {
public:
    using farcall_self_dispatching = void;

    /// Each made by `on`; copied or moved.
    constexpr explicit functions(Named... named) : slots_(std::move(named)...) {}

    template <class Method, class... Arguments>
    constexpr auto farcall_invoke(Arguments&&... arguments)
        -> decltype(std::declval<detail::function_named<Method, Named...>&>()(std::forward<Arguments>(arguments)...)) {
        return slots_.template at<detail::position_of(Method::name, type_list<Named...>{})>()(
            std::forward<Arguments>(arguments)...);
    }

    template <class S>
    static consteval void farcall_check() {
        (check_name<S, Named>(), ...);
    }

private:
    template <class S, class Function>
    static consteval void check_name() {
        static_assert(detail::names_a_method<Function, S>,
                      "a function given to farcall::functions is named for a method that the service does not declare");
        static_assert((0 + ... + int{Function::name == Named::name}) == 1,
                      "two functions given to farcall::functions are named for the same method");
    }

    detail::function_slots<std::index_sequence_for<Named...>, Named...> slots_;
};

template <class... Named>
functions(Named...) -> functions<Named...>;

}  // namespace farcall
