#pragma once

#include <farcall/client/blocking_call.hpp>
#include <farcall/client/make_call.hpp>
#include <farcall/client/one_way_call.hpp>

namespace farcall::detail {

FARCALL_DECL std::optional<error> call_and_wait(const call_draft& draft, const answer_form& form, void* value) {
    return blocking_call{draft, form, value}.make();
}

FARCALL_DECL void call_or_throw(const call_draft& draft, const answer_form& form, void* value) {
    if (const std::optional<error> why = call_and_wait(draft, form, value)) why->raise();
}

FARCALL_DECL void call_one_way(const call_draft& draft) { one_way_call::send(draft); }

}  // namespace farcall::detail
