#pragma once

#include <farcall/client/attempts.hpp>
#include <farcall/client/hedging.hpp>
#include <farcall/client/once_call.hpp>
#include <farcall/client/retrying.hpp>

namespace farcall::detail {

FARCALL_DECL void start_attempts(const std::shared_ptr<client_core>& core, const attempts_rule& rule,
                                 outgoing_call& call) {
    const bool hedges = rule.policy && rule.policy->hedge_delay();
    if (rule.once)
        start_once(core, hedges ? nullptr : rule.policy, call);
    else if (hedges && rule.hedgeable)
        start_hedging(core, rule.policy, call);
    else if (rule.policy && !hedges)
        start_retrying(core, rule.policy, call);
    else
        core->channel().start(call);
}

}  // namespace farcall::detail
