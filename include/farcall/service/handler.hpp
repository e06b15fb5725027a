#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <farcall/service/descriptor.hpp>
#include <farcall/service/signature_traits.hpp>
#include <farcall/service/type_list.hpp>
#include <farcall/stream.hpp>

namespace farcall {

class context;

/// How a handler can be called for a method.
enum class handler_match {
    plain,         ///< with the arguments
    with_context,  ///< with a `context&` before them
    missing,       ///< no function of that name that takes the arguments
    wrong_result,  ///< there is one, and what it returns is not the declared result
};

/// What the value that a handler returns amounts to: of an `awaitable<R>` it is `R`.
///
/// Specialise it for whatever else a handler may return in place of the result itself.
template <class Returned>
struct awaited_result {
    /// What it amounts to.
    using type = Returned;
};

namespace detail {

/// A handler that takes every method at one place, as `functions` does: it has a member type
/// `farcall_self_dispatching` and `farcall_invoke<Method>(arguments...)`.
template <class Handler>
concept self_dispatching = requires { typename Handler::farcall_self_dispatching; };

/// Calls the method on the handler. Takes part in overload resolution only if the handler can be called so.
template <class Method, class Handler, class... Arguments>
    requires(!self_dispatching<Handler>)
constexpr auto invoke_handler(Handler& handler, Arguments&&... arguments)
    -> decltype(Method::invoke(handler, std::forward<Arguments>(arguments)...)) {
    return Method::invoke(handler, std::forward<Arguments>(arguments)...);
}
template <class Method, self_dispatching Handler, class... Arguments>
constexpr auto invoke_handler(Handler& handler, Arguments&&... arguments)
    -> decltype(handler.template farcall_invoke<Method>(std::forward<Arguments>(arguments)...)) {
    return handler.template farcall_invoke<Method>(std::forward<Arguments>(arguments)...);
}

template <class Method, class Handler, class... Arguments>
concept callable_for = requires(Handler& handler, Arguments&&... arguments) {
    detail::invoke_handler<Method>(handler, std::forward<Arguments>(arguments)...);
};

template <class Method, class Handler, class... Arguments>
using returned_for =
    decltype(detail::invoke_handler<Method>(std::declval<Handler&>(), std::declval<Arguments>()...));

template <class Returned, class Result>
inline constexpr bool yields =
    std::is_void_v<Result>
        ? std::is_void_v<typename awaited_result<std::remove_cvref_t<Returned>>::type>
        : std::is_convertible_v<typename awaited_result<std::remove_cvref_t<Returned>>::type, Result>;

template <class Method, class Handler, class... Stored>
consteval handler_match match_handler(type_list<Stored...>) {
    using result = typename Method::result;
    if constexpr (involves_stream<typename Method::signature>) {
        return handler_match::missing;  // check_handler says why
    } else if constexpr (callable_for<Method, Handler, Stored...>) {
        return yields<returned_for<Method, Handler, Stored...>, result> ? handler_match::plain
                                                                        : handler_match::wrong_result;
    } else if constexpr (callable_for<Method, Handler, context&, Stored...>) {
        return yields<returned_for<Method, Handler, context&, Stored...>, result> ? handler_match::with_context
                                                                                  : handler_match::wrong_result;
    } else {
        return handler_match::missing;
    }
}

}  // namespace detail

/// How `Handler` serves `Method`. Arguments are handed over as rvalues of their stored types.
///
/// A function without a leading `context&` is preferred if both can be called.
template <class Method, class Handler>
inline constexpr handler_match handler_call =
    detail::match_handler<Method, std::remove_reference_t<Handler>>(typename Method::stored{});

namespace detail {

template <class Handler, class... Methods>
consteval bool serves_all(type_list<Methods...>) {
    return ((handler_call<Methods, Handler> == handler_match::plain ||
             handler_call<Methods, Handler> == handler_match::with_context) && ...);
}

/// For tables that bring no sentences of their own; those of `RPC_SERVICE` name service, method and signature.
template <class Method, class Handler>
consteval void check_method() {
    if constexpr (requires { typename Method::farcall_declared; }) {
        if constexpr (Method::streams) {
            Method::template farcall_refuse_streams<Handler>();
        } else {
            Method::template farcall_check_handler<Handler>();
        }
    } else {
        static_assert(!involves_stream<typename Method::signature>,
                      "streams are not available in this version of farcall");
        static_assert(handler_call<Method, Handler> != handler_match::missing,
                      "the handler lacks a function for the method that the compiler names here");
        static_assert(handler_call<Method, Handler> != handler_match::wrong_result,
                      "the handler's function returns another type than the method that the compiler names here");
    }
}

template <class Handler, class... Methods>
consteval bool check_methods(type_list<Methods...>) {
    (detail::check_method<Methods, Handler>(), ...);
    return true;
}

/// True, or a compile-time error that says which method of `S` the handler does not serve, and why.
template <service S, class Handler>
consteval bool check_handler() {
    if constexpr (self_dispatching<Handler>) Handler::template farcall_check<S>();
    return detail::check_methods<Handler>(methods_of<S>{});
}

}  // namespace detail

/// A type whose objects can serve `S`: a question without an error; see `detail::check_handler` for the reasons.
template <class Handler, class S>
concept handler_of = service<S> && detail::serves_all<Handler>(methods_of<S>{});

}  // namespace farcall
