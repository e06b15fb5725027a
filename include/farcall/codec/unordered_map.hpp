#pragma once

#include <unordered_map>

#include <farcall/codec/associative.hpp>

namespace farcall {

/// An object in no particular order; for what can be a key see codec/map_key.hpp. A repeated member is an error.
template <class Key, class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_map<Key, T, Hash, Equal, Allocator>>
    : detail::map_codec<std::unordered_map<Key, T, Hash, Equal, Allocator>> {};

}  // namespace farcall
