#pragma once

#include <farcall/server/arguments.hpp>

namespace farcall::detail {

FARCALL_DECL bool read_call_of_any_form(incoming_call& call, void* values, void (*clear)(void*),
                                        std::span<const parameter_form> parameters,
                                        std::span<const std::string_view> names) {
    for (;;) {
        clear(values);
        argument_failure why;
        if (read_arguments(call.params(), call.params_depth(), values, parameters, names, why)) return true;
        if (call.params_checked()) {
            call.fail_arguments(why);
            return false;
        }
        // Where the params seem to end may not be where they do: the message is read in full before it is blamed.
        if (!call.check_params()) return false;
    }
}

}  // namespace farcall::detail
