#pragma once

#include <optional>
#include <type_traits>

#include <farcall/client/call_draft.hpp>
#include <farcall/client/read_reply.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/result.hpp>

/// @file
/// Calls that need no completion handler, whatever their types.

namespace farcall::detail {

/// Makes a call and waits for its end.
/// @param value  new, gets the result; null if the form has none
/// @returns why there is no result, or none
FARCALL_DECL std::optional<error> call_and_wait(const call_draft& draft, const answer_form& form, void* value);

/// The same; throws what the call ended with if there is no result.
FARCALL_DECL void call_or_throw(const call_draft& draft, const answer_form& form, void* value);

/// The same without an exception.
template <class R, class Declared>
result<R> call_for_result(const call_draft& draft) {
    if constexpr (std::is_void_v<R>) {
        if (const std::optional<error> why = call_and_wait(draft, answer_form_of<R, Declared>, nullptr)) return *why;
        return {};
    } else {
        std::remove_cv_t<R> value{};
        if (const std::optional<error> why = call_and_wait(draft, answer_form_of<R, Declared>, &value)) return *why;
        return value;
    }
}

/// Makes a call that nobody waits for. Throws if the arguments cannot be encoded.
FARCALL_DECL void call_one_way(const call_draft& draft);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/make_call.ipp>
#endif
