#pragma once

#include <deque>

#include <farcall/codec/sequence.hpp>

namespace farcall {

/// An array.
template <class T, class Allocator>
struct codec<std::deque<T, Allocator>> : detail::sequence_codec<std::deque<T, Allocator>> {};

}  // namespace farcall
