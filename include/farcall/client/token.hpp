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

}  // namespace farcall::detail
