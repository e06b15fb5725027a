#pragma once

#include <memory>
#include <type_traits>

#include <farcall/codec/pointer.hpp>

namespace farcall {

/// What it owns, or `null`; a missing member is null, too.
template <class T>
requires(!std::is_array_v<T>) struct codec<std::unique_ptr<T>> : detail::pointer_codec<std::unique_ptr<T>, T> {
    static T& create(std::unique_ptr<T>& value) {
        value = std::make_unique<T>();
        return *value;
    }
};

}  // namespace farcall
