#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codecs.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/raised.hpp>
#include <farcall/reflect/type_name.hpp>
#include <farcall/service/type_list.hpp>

namespace farcall::detail {

/// An exception of the standard library that the server named by its type, made again; null for any other type.
FARCALL_DECL std::exception_ptr standard_exception(const error& why);

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

/// Completes an error of a call with the exception that `raise()` throws in its place, if the handler threw one that
/// is declared or standard.
template <class... Declared>
error with_remote_exception(const error& why, type_list<Declared...>) {
    if (why.type().empty() || why.origin() != origin::peer) return why;
    std::exception_ptr cause;
    (void)((why.type() == type_name<Declared>() && ((cause = declared_exception<Declared>(why)), true)) || ...);
    if (!cause) cause = standard_exception(why);
    return cause ? why.with_cause(std::move(cause)) : why;
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/remote_exception.ipp>
#endif
