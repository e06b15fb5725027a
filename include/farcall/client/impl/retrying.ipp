#pragma once

#include <utility>

#include <boost/asio/recycling_allocator.hpp>

#include <farcall/client/repeated_call.hpp>
#include <farcall/client/retrying.hpp>
#include <farcall/detail/mutant.hpp>

namespace farcall::detail {

/// A call that is repeated as a policy says.
class retrying_call final : public repeated_call {
public:
    retrying_call(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                  outgoing_call& whole)
        : repeated_call(core, std::move(policy), whole) {}

private:
    void first() override { make_attempt(); }

    void failed(const error& why) override {
        const bool safe = why.executed() == executed::no || repeatable || FARCALL_MUTANT(retry_after_unknown);
        if (safe)
            pause_or_finish(why);
        else
            finish(why);
    }

    void resume() override { attempt_again(); }
};

FARCALL_DECL void start_retrying(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                                 outgoing_call& call) {
    std::allocate_shared<retrying_call>(boost::asio::recycling_allocator<void>{}, core, std::move(policy), call)->begin();
}

}  // namespace farcall::detail
