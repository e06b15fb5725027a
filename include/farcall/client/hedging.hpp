#pragma once

#include <memory>

#include <farcall/client/client_core.hpp>
#include <farcall/client/retry_decisions.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Makes `call`, which changes nothing, on the client's channel: another attempt beside the others whenever they take
/// longer than `policy->hedge_delay()`, or at once when all have failed. The first success is the end, and so is the
/// first failure that no attempt can mend; the attempts under way are cancelled then. Holds the call.
FARCALL_DECL void start_hedging(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                                outgoing_call& call);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/hedging.ipp>
#endif
