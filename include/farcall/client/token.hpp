#pragma once

#include <type_traits>

#include <farcall/result.hpp>

namespace farcall::detail {

template <class Token>
inline constexpr bool adapted_to_result = false;
template <class Token>
inline constexpr bool adapted_to_result<as_result_t::adapted<Token>> = true;

/// A function that takes the result itself, and not an exception and a value. Asio's own tokens can be called, too,
/// but what they return is another token.
template <class Token, class R>
concept result_callback = std::is_invocable_v<Token&, result<R>> && std::is_void_v<std::invoke_result_t<Token&, result<R>>>;

/// What cannot be a completion token is an argument too many.
template <class T>
concept possible_token =
    std::is_class_v<T> || (std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>);

}  // namespace farcall::detail
