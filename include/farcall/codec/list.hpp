#pragma once

#include <list>

#include <farcall/codec/sequence.hpp>

namespace farcall {

/// An array.
template <class T, class Allocator>
struct codec<std::list<T, Allocator>> : detail::sequence_codec<std::list<T, Allocator>> {};

}  // namespace farcall
