#pragma once

#include <exception>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codecs.hpp>

namespace farcall::detail {

template <class T, coding Way>
constexpr std::string_view form_problem() {
    if constexpr (std::is_base_of_v<std::exception, T>) {
        return {};
    } else {
        return json_problem<T, Way>::found ? json_problem<T, Way>::message : std::string_view{};
    }
}

/// Why a value of this type cannot be sent; empty if it can. Exceptions need no JSON form: their text is sent.
template <class T>
struct encodable_form {
    static constexpr std::string_view text = form_problem<T, coding::encoding>();
};

/// The same for receiving.
template <class T>
struct decodable_form {
    static constexpr std::string_view text = form_problem<T, coding::decoding>();
};

}  // namespace farcall::detail
