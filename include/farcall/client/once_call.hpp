#pragma once

#include <memory>

#include <farcall/client/client_core.hpp>
#include <farcall/client/retry_decisions.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Makes `call`, which shall run exactly once, on the client's channel until it is answered or its deadline has passed.
///
/// A call with an `idempotency_key` is named by that; any other gets a number of the client's session, for which it may
/// have to wait. All attempts carry the same name, so that the server runs the call once and gives each attempt the
/// first reply. Holds the call.
/// @param policy  when to make further attempts, and how many; null: as long as the deadline lasts
FARCALL_DECL void start_once(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                             outgoing_call& call);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/once_call.ipp>
#endif
