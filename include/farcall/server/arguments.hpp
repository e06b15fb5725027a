#pragma once

#include <span>
#include <string_view>

#include <farcall/codec/arriving_text.hpp>
#include <farcall/server/incoming_call.hpp>
#include <farcall/service/read_arguments.hpp>

namespace farcall::detail {

/// Reads the arguments of a call in any form that is allowed.
///
/// @param clear  `clear(values)` forgets what was read
/// @returns false if they do not fit; the call is answered then
FARCALL_DECL bool read_call_of_any_form(incoming_call& call, void* values, void (*clear)(void*),
                                        std::span<const parameter_form> parameters,
                                        std::span<const std::string_view> names);

/// Reads the arguments of a call.
///
/// @tparam Reader  an `argument_reader`
/// @param names    one a parameter; empty where it has none
/// @returns false if they do not fit; the call is answered then
template <class Reader>
bool read_call(incoming_call& call, typename Reader::values& into, std::span<const std::string_view> names) {
    arriving_text* const arriving = call.params().size() < arriving_text::least ? nullptr : call.arriving();
    if (Reader::read_all(call.params(), call.params_depth(), into, arriving)) [[likely]] return true;
    return read_call_of_any_form(call, &into, &Reader::clear, Reader::parameters(), names);
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/arguments.ipp>
#endif
