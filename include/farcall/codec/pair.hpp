#pragma once

#include <utility>

#include <farcall/codec/tuple.hpp>

namespace farcall {

/// An array of two.
template <class First, class Second>
struct codec<std::pair<First, Second>> : detail::tuple_codec<std::pair<First, Second>, First, Second> {};

}  // namespace farcall
