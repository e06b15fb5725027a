#pragma once

#include <memory>

#include <farcall/client/client_core.hpp>
#include <farcall/client/retry_decisions.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Makes `call` on the client's channel as often as the policy says and safety allows, within its deadline.
///
/// Its bytes are encoded once. An attempt that may have run is repeated only if the call is `repeatable`, whatever the
/// policy says, and only while the client's budget lasts. The error of the last attempt says `executed: no` only if no
/// attempt ran. Holds the call: one that is cancelled ends in its pause as in its attempt.
FARCALL_DECL void start_retrying(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                                 outgoing_call& call);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/retrying.ipp>
#endif
