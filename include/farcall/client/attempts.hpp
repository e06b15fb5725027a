#pragma once

#include <memory>
#include <utility>

#include <farcall/client/attempts_rule.hpp>
#include <farcall/client/channel.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/client/retry_decisions.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Makes `call` on the client's channel as often as the rule says: `call.complete` follows.
FARCALL_DECL void start_attempts(const std::shared_ptr<client_core>& core, const attempts_rule& rule,
                                 outgoing_call& call);

/// The same as a channel: what is behind the interceptors of a whole call.
class attempting_channel final : public channel {
public:
    attempting_channel(std::shared_ptr<client_core> core, attempts_rule rule) noexcept
        : core_(std::move(core)), rule_(std::move(rule)) {}

    void start(outgoing_call& call) override { start_attempts(core_, rule_, call); }

private:
    std::shared_ptr<client_core> core_;
    attempts_rule rule_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/attempts.ipp>
#endif
