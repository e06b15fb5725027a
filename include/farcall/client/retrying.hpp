#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <farcall/client/channel.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/retry/retry_policy.hpp>

namespace farcall::detail {

/// What a retry policy decides, without its type, so that the loop around it is compiled once.
class retry_decisions {
public:
    virtual ~retry_decisions() = default;
    virtual std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source& random) const = 0;
    virtual std::chrono::milliseconds attempt_timeout() const = 0;
};

template <retry_policy Policy>
class policy_decisions final : public retry_decisions {
public:
    explicit policy_decisions(Policy policy) : policy_(std::move(policy)) {}
    std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source& random) const override {
        return policy_.retry(failed, random);
    }
    std::chrono::milliseconds attempt_timeout() const override { return policy_.attempt_timeout(); }

private:
    Policy policy_;
};

/// Makes `call` on the client's channel as often as the policy says and safety allows, within its deadline.
///
/// Its bytes are encoded once. An attempt that may have run is repeated only if the call is `repeatable`, whatever the
/// policy says. The error of the last attempt says `executed: no` only if no attempt ran.
FARCALL_DECL void start_retrying(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                                 outgoing_call& call);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/retrying.ipp>
#endif
