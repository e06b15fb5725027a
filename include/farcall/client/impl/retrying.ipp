#pragma once

#include <string>
#include <utility>

#include <farcall/client/retrying.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// One call with its attempts, one after another; owns itself until the last has ended.
class retrying_call final : public outgoing_call {
public:
    retrying_call(std::shared_ptr<client_core> core, std::shared_ptr<const retry_decisions> policy, outgoing_call& whole)
        : core_(std::move(core)), policy_(std::move(policy)), whole_(whole) {
        method = whole.method;
        params = whole.params;
        headers = whole.headers;
        repeatable = whole.repeatable;
    }

    void begin() {
        const auto limit = policy_->attempt_timeout();
        deadline = whole_.deadline;
        if (limit.count() > 0) deadline = std::min(deadline, core_->time().now() + limit);
        core_->channel().start(*this);
    }

    void complete(const reply& end) noexcept override {
        std::optional<std::chrono::milliseconds> pause;
        if (end.failure != nullptr) {
            ran_ = either(ran_, end.failure->executed());
            pause = next_pause(*end.failure);
        }
        if (!pause) return finish(end);
        ++attempt;
        pause_ = core_->time().make_timer(core_->driver().executor());
        pause_->set(core_->time().now() + *pause, [turn = std::make_shared<paused>(*this)] { turn->go_on(); });
    }

    void abandon() noexcept override {
        const std::unique_ptr<retrying_call> owned{this};
        whole_.abandon();
    }

private:
    /// The end of a pause; destroyed without one, it abandons the call.
    struct paused {
        explicit paused(retrying_call& which) : call(&which) {}
        paused(const paused&) = delete;
        ~paused() {
            if (call != nullptr) call->abandon();
        }
        void go_on() { std::exchange(call, nullptr)->begin(); }

        retrying_call* call;
    };

    /// Whether a call ran that was attempted twice.
    static executed either(executed one, executed other) {
        if (one == executed::yes || other == executed::yes) return executed::yes;
        return one == executed::no ? other : one;
    }

    std::optional<std::chrono::milliseconds> next_pause(const error& failed) const {
        const bool safe = failed.executed() == executed::no || repeatable;
        if (!safe || attempt >= core_->options().limits.attempts) return {};
        const auto pause = policy_->retry({.attempt = attempt,
                                           .code = failed.status(),
                                           .executed = failed.executed(),
                                           .retry_after = failed.retry_after()},
                                          core_->random());
        // An attempt that would begin when the caller has stopped waiting is none.
        if (pause && whole_.deadline != never && core_->time().now() + *pause >= whole_.deadline) return {};
        return pause;
    }

    void finish(const reply& end) noexcept {
        const std::unique_ptr<retrying_call> owned{this};
        if (end.failure == nullptr || attempt == 1) return whole_.complete(end);
        error::details texts = end.failure->texts();
        texts.message += " (attempt " + std::to_string(attempt) + ", the last";
        if (attempt >= core_->options().limits.attempts) texts.message += " that limits.attempts allows";
        texts.message += ')';
        // The last attempt may be known not to have run, and an earlier one not.
        const error told = end.failure->with_details(std::move(texts)).with_executed(ran_);
        whole_.complete({.failure = &told});
    }

    std::shared_ptr<client_core> core_;
    std::shared_ptr<const retry_decisions> policy_;
    outgoing_call& whole_;
    std::unique_ptr<timer> pause_;
    executed ran_ = executed::no;
};

FARCALL_DECL void start_retrying(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                                 outgoing_call& call) {
    (new retrying_call{core, std::move(policy), call})->begin();
}

}  // namespace farcall::detail
