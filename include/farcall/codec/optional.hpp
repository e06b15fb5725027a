#pragma once

#include <optional>

#include <farcall/codec/nullable.hpp>

namespace farcall {

/// The value itself, or `null`; a missing member is empty, too.
template <class T>
struct codec<std::optional<T>> : detail::nullable_codec<std::optional<T>, T> {
    static T& create(std::optional<T>& value) { return value.emplace(); }
};

}  // namespace farcall
