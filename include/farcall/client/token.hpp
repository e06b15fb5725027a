#pragma once

#include <type_traits>

#include <farcall/result.hpp>

namespace farcall::detail {

template <class Token>
inline constexpr bool adapted_to_result = false;
template <class Token>
inline constexpr bool adapted_to_result<as_result_t::adapted<Token>> = true;

}  // namespace farcall::detail
