#pragma once

#include <span>
#include <string_view>

#include <farcall/server/incoming_call.hpp>
#include <farcall/service/read_arguments.hpp>

namespace farcall::detail {

/// Reads the arguments of a call.
///
/// @tparam Reader  an `argument_reader`
/// @param names    one a parameter; empty where it has none
/// @returns false if they do not fit; the call is answered then
template <class Reader>
bool read_call(incoming_call& call, typename Reader::values& into, std::span<const std::string_view> names) {
    if (Reader::read_all(call.params(), call.params_depth(), into)) return true;
    for (;;) {
        into = typename Reader::values{};
        argument_failure why;
        if (Reader::read(call.params(), call.params_depth(), into, names, why)) return true;
        if (call.params_checked()) {
            call.fail_arguments(why);
            return false;
        }
        // Where the params seem to end may not be where they do: the message is read in full before it is blamed.
        if (!call.check_params()) return false;
    }
}

}  // namespace farcall::detail
