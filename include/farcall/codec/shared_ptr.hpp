#pragma once

#include <memory>
#include <type_traits>

#include <farcall/codec/pointer.hpp>

namespace farcall {

/// What it owns, or `null`; a missing member is null, too. Two pointers to one object become two objects; a cycle is
/// an error when the depth limit is reached.
template <class T>
requires(!std::is_array_v<T>) struct codec<std::shared_ptr<T>> : detail::pointer_codec<std::shared_ptr<T>, T> {
    static T& create(std::shared_ptr<T>& value) {
        auto made = std::make_shared<std::remove_const_t<T>>();
        value = made;
        return *made;
    }
};

}  // namespace farcall
