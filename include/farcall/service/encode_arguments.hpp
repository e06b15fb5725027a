#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <farcall/codec/codec.hpp>
#include <farcall/codec/json_problem.hpp>
#include <farcall/codec/json_writer.hpp>

namespace farcall::detail {

/// Encodes one argument of a call by name: as its codec does, and string literals as the text that they are.
template <class Argument>
bool encode_argument(json_writer& out, const Argument& argument) {
    if constexpr (std::is_array_v<Argument> && std::is_convertible_v<const Argument&, std::string_view>) {
        return out.string(argument);
    } else if constexpr (std::is_same_v<Argument, std::string> || std::is_same_v<Argument, std::string_view>) {
        return out.string_that_stays(argument);
    } else {
        static_assert(json_encodable<Argument>, "an argument has no JSON form; the compiler's note says which and why");
        require_json_form<Argument, coding::encoding>();
        if constexpr (json_encodable<Argument>) return encode(out, argument);
    }
}

/// Encodes the arguments as an array.
/// @returns false if one has no JSON form; `out.error()` says which and why
template <class... Arguments>
bool encode_arguments(json_writer& out, const Arguments&... arguments) {
    std::size_t index = 0;
    bool good = out.begin_array();
    ((good = good && (encode_argument(out, arguments) || out.at_index(index)), ++index), ...);
    out.end_array();
    return good && out.ok();
}

}  // namespace farcall::detail
