#pragma once

#include <set>

#include <farcall/codec/associative.hpp>

namespace farcall {

/// An array; a repeated element is an error.
template <class T, class Compare, class Allocator>
struct codec<std::set<T, Compare, Allocator>> : detail::set_codec<std::set<T, Compare, Allocator>> {};

}  // namespace farcall
