#pragma once

#include <string_view>
#include <type_traits>

#include <farcall/codec/nullable.hpp>

namespace farcall::detail {

/// What owning pointers have in common: the value itself, copied deep, or `null`.
template <class Pointer, class T>
struct pointer_codec : nullable_codec<Pointer, T> {
    template <coding Way>
    static consteval std::string_view flaw() {
        if constexpr (complete_type<T>) {
            if constexpr (std::is_polymorphic_v<T> && !std::is_final_v<T>) {
                return "a pointer to a class with virtual functions would lose what derives from it; use std::variant";
            }
        }
        return nullable_codec<Pointer, T>::template flaw<Way>();
    }
};

}  // namespace farcall::detail
