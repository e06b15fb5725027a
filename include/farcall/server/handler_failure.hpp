#pragma once

#include <concepts>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codec.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/reflect/type_name.hpp>
#include <farcall/service/type_list.hpp>

namespace farcall::detail {

/// "division_by_zero" as a sentence: "Division by zero".
FARCALL_DECL std::string humanised(std::string_view type_name);

/// The text of a declared exception: its `what()`, its member `message`, or else its type's name as a sentence.
template <class E>
std::string text_of_exception(const E& thrown) {
    if constexpr (requires { { thrown.what() } -> std::convertible_to<std::string>; })
        return thrown.what();
    else if constexpr (requires { { thrown.message } -> std::convertible_to<std::string>; })
        return thrown.message;
    else
        return humanised(unqualified_type_name<E>());
}

/// The error that tells a caller of an exception whose type its method declares.
/// @param value  the exception's JSON value; empty if it has no JSON form, as most exception classes
FARCALL_DECL error declared_failure(std::string text, std::string_view type, std::string_view value);

template <class E>
error declared_failure_of(const E& thrown) {
    text_buffer value;
    if constexpr (json_encodable<E>) {
        codec_error ignored;
        static_cast<void>(encode(value, thrown, ignored));
    }
    return declared_failure(text_of_exception(thrown), type_name<E>(), value.view());
}

/// The error that tells a caller of an exception that is not declared.
///
/// `farcall::error` is passed on as it is. The `std::logic_error` family tells its text: it says what the caller did
/// wrong. Of anything else only the type's name leaves the process, unless `expose` says otherwise.
FARCALL_DECL error undeclared_failure(const std::exception_ptr& thrown, bool expose);

template <class First, class... Rest>
error failure_among(const std::exception_ptr& thrown, bool expose) {
    try {
        std::rethrow_exception(thrown);
    } catch (const First& declared) {
        return declared_failure_of(declared);
    } catch (...) {
        if constexpr (sizeof...(Rest) == 0)
            return undeclared_failure(thrown, expose);
        else
            return failure_among<Rest...>(thrown, expose);
    }
}

/// What tells a caller of an exception that a handler threw. Nothing else looks at one.
/// @tparam Declared  a `type_list` of the exceptions that the method declares
template <class Declared>
inline constexpr auto failure_teller_of = &undeclared_failure;
template <class First, class... Rest>
inline constexpr auto failure_teller_of<type_list<First, Rest...>> = &failure_among<First, Rest...>;

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/handler_failure.ipp>
#endif
