#pragma once

#include <unordered_set>

#include <farcall/codec/associative.hpp>

namespace farcall {

/// An array in no particular order; a repeated element is an error.
template <class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_set<T, Hash, Equal, Allocator>>
    : detail::set_codec<std::unordered_set<T, Hash, Equal, Allocator>> {};

}  // namespace farcall
