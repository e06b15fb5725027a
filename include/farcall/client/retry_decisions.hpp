#pragma once

#include <optional>
#include <utility>

#include <farcall/detail/chrono.hpp>
#include <farcall/retry/retry_policy.hpp>

namespace farcall::detail {

/// What a retry policy decides, without its type, so that the loop around it is compiled once.
class retry_decisions {
public:
    virtual ~retry_decisions() = default;
    virtual std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source& random) const = 0;
    virtual std::chrono::milliseconds attempt_timeout() const = 0;
    /// Empty: it does not hedge.
    virtual std::optional<std::chrono::milliseconds> hedge_delay() const = 0;
};

template <retry_policy Policy>
class policy_decisions final : public retry_decisions {
public:
    explicit policy_decisions(Policy policy) : policy_(std::move(policy)) {}
    std::optional<std::chrono::milliseconds> retry(const failed_attempt& failed, random_source& random) const override {
        return policy_.retry(failed, random);
    }
    std::chrono::milliseconds attempt_timeout() const override { return policy_.attempt_timeout(); }
    std::optional<std::chrono::milliseconds> hedge_delay() const override {
        if constexpr (hedging_policy<Policy>)
            return policy_.hedge_delay();
        else
            return {};
    }

private:
    Policy policy_;
};

}  // namespace farcall::detail
