#pragma once

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codec.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/raised.hpp>
#include <farcall/reflect/type_name.hpp>
#include <farcall/service/type_list.hpp>

namespace farcall::detail {

/// A declared exception made again from what the server sent: its JSON value, or else its text. Null if neither fits.
template <class E>
std::exception_ptr declared_exception(const error& why) {
    if constexpr (json_decodable<E> && std::is_default_constructible_v<E>) {
        if (!why.value().empty()) {
            E value{};
            codec_error ignored;
            if (decode(why.value(), value, ignored)) return make_raised(std::move(value), why);
        }
    }
    if constexpr (std::is_constructible_v<E, const std::string&>)
        return make_raised(E(why.message()), why);
    else if constexpr (!json_decodable<E> && std::is_default_constructible_v<E>)
        return make_raised(E{}, why);
    else
        return nullptr;
}

/// An exception that a method declares.
struct declared_exception_form {
    std::string_view type;  ///< its name on the wire
    std::exception_ptr (*make)(const error& why);
};
using declared_exceptions = std::span<const declared_exception_form>;

template <class Declared>
struct exceptions_of;
template <>
struct exceptions_of<type_list<>> {
    static constexpr declared_exceptions all{};
};
template <class... Declared>
struct exceptions_of<type_list<Declared...>> {
    static constexpr declared_exception_form table[]{{type_name<Declared>(), &declared_exception<Declared>}...};
    static constexpr declared_exceptions all{table};
};

/// Completes an error of a call with the exception that `raise()` throws in its place, if the handler threw one that
/// is declared or standard.
FARCALL_DECL error with_remote_exception(const error& why, declared_exceptions declared);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/remote_exception.ipp>
#endif
