#pragma once

#include <map>

#include <farcall/codec/associative.hpp>

namespace farcall {

/// An object; for what can be a key see codec/map_key.hpp. A repeated member is an error.
template <class Key, class T, class Compare, class Allocator>
struct codec<std::map<Key, T, Compare, Allocator>> : detail::map_codec<std::map<Key, T, Compare, Allocator>> {};

}  // namespace farcall
