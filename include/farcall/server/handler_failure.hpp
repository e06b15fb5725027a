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
#include <farcall/service/attributes.hpp>
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

/// The JSON value of a declared exception; empty if it has no JSON form, as most exception classes.
template <class E>
std::string value_of_exception(const E& thrown) {
    if constexpr (json_encodable<E>) {
        text_buffer text;
        codec_error ignored;
        if (encode(text, thrown, ignored)) return std::string{text.view()};
    }
    return {};
}

/// The error that tells a caller of `thrown`, whose type the method declares.
template <class E>
error declared_failure(const E& thrown) {
    error::details texts;
    texts.message = text_of_exception(thrown);
    texts.type = type_name<E>();
    texts.value = value_of_exception(thrown);
    return error{status::unknown, std::move(texts)}.with_executed(executed::yes);
}

/// The error that tells a caller of an exception that is not declared.
///
/// `farcall::error` is passed on as it is. The `std::logic_error` family tells its text: it says what the caller did
/// wrong. Of anything else only the type's name leaves the process, unless `expose` says otherwise.
FARCALL_DECL error undeclared_failure(const std::exception_ptr& thrown, bool expose);

inline error failure_among(const std::exception_ptr& thrown, bool expose, type_list<>) {
    return undeclared_failure(thrown, expose);
}

template <class First, class... Rest>
error failure_among(const std::exception_ptr& thrown, bool expose, type_list<First, Rest...>) {
    try {
        std::rethrow_exception(thrown);
    } catch (const First& declared) {
        return declared_failure(declared);
    } catch (...) {
        return failure_among(thrown, expose, type_list<Rest...>{});
    }
}

/// What the caller is told of an exception that a handler of `Method` threw. The only place that looks at one.
template <class Method>
error handler_failure(const std::exception_ptr& thrown, bool expose) noexcept {
    return failure_among(thrown, expose, thrown_types<Method>{});
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/handler_failure.ipp>
#endif
