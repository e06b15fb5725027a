#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include <boost/asio/recycling_allocator.hpp>

#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/hedging.hpp>
#include <farcall/client/repeated_call.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// One call with attempts beside one another. Owned by its attempts under way and by the alarm for the next one: when
/// the executor is destroyed with these, the call is abandoned.
class hedging_call final : public call_holder,
                           public repetition::pausing,
                           public std::enable_shared_from_this<hedging_call> {
public:
    hedging_call(std::shared_ptr<client_core> core, std::shared_ptr<const retry_decisions> policy, outgoing_call& whole)
        : core_(std::move(core)), policy_(std::move(policy)), whole_(&whole) {}

    ~hedging_call() {
        if (whole_ == nullptr) return;
        whole_->holder = nullptr;
        whole_->abandon();
    }

    void begin() {
        whole_->holder = this;
        core_->repeats().budget().deposit(now());
        launch();
    }

    void cancel(outgoing_call&, const error& why) override {
        const auto self = shared_from_this();
        given_up_ = true;
        if (running_ == 0) return finish(why);
        cancel_attempts(why);
    }

    void give_up(const error& why) override {
        const auto self = shared_from_this();
        if (whole_ != nullptr && running_ == 0) finish(why);
    }

private:
    /// One attempt.
    struct one_attempt final : outgoing_call {
        void complete(const reply& end) noexcept override {
            const auto owner = std::exchange(call, nullptr);
            owner->ended(end);
        }
        void abandon() noexcept override { const auto owner = std::exchange(call, nullptr); }

        std::shared_ptr<hedging_call> call;  ///< while it is under way
    };

    time_point now() const { return core_->time().now(); }

    void launch() {
        one_attempt& made = attempts_.emplace_back();
        made.attempt_of(*whole_);
        made.attempt = started();
        made.deadline = whole_->deadline;
        if (const auto limit = policy_->attempt_timeout(); limit.count() > 0)
            made.deadline = std::min(made.deadline, now() + limit);
        made.call = shared_from_this();
        const bool beside = started() > 1 && !std::exchange(repeats_, false);
        if (beside && core_->watched().any()) core_->watched().tell(hedge_event{whole_->method, started()});
        ++running_;
        const auto core = core_;  // the attempt may end in there, and the core with it
        core->channel().start(made);
        const bool last = whole_ == nullptr || &made != &attempts_.back();
        if (!last && made.call && another()) watch(now() + *policy_->hedge_delay());
    }

    unsigned started() const noexcept { return static_cast<unsigned>(attempts_.size()); }

    /// Whether the policy and the client's limit allow another attempt.
    bool another() {
        return !given_up_ && started() < core_->options().limits.attempts &&
               policy_->retry({.attempt = started(), .code = status::unavailable, .executed = executed::no},
                              core_->random());
    }

    void watch(time_point when) {
        if (when >= whole_->deadline) return;
        repetition::remove(*this);
        core_->repeats().add(*this);
        if (!alarm_) alarm_ = core_->time().make_timer(core_->driver().executor());
        alarm_->set(when, [self = shared_from_this()] {
            repetition::remove(*self);
            self->launch_another();
        });
        waits_ = true;
    }

    void launch_another() {
        waits_ = false;
        if (whole_ == nullptr || !another()) return;
        if (core_->repeats().budget().spend(now())) return launch();
        if (running_ != 0) return;
        core_->tell_limit("retry_budget");
        finish(*last_, by_budget);
    }

    void ended(const reply& end) {
        --running_;
        if (whole_ == nullptr) return;
        if (end.failure == nullptr) return finish(end);
        const error& failed = *end.failure;
        ran_ = either(ran_, failed.executed());
        if (whole_->wants_meta) said_ = end.meta != nullptr ? std::move(*end.meta) : reply_meta{};
        last_ = failed;
        const failed_attempt how = failure_of_attempt(started(), failed);
        if (another()) {
            const auto pause = policy_->retry(how, core_->random());
            repeats_ = pause.has_value();
            if (pause && core_->watched().any())
                core_->watched().tell(retry_event{whole_->method, how.attempt, &failed, std::max(*pause, {})});
            if (pause && pause->count() <= 0) return launch_another();
            if (pause) watch(now() + *pause);
            if (pause && (running_ != 0 || waits_)) return;
        }
        if (running_ == 0 || (!given_up_ && !transient(how))) finish(failed);
    }

    void finish(const error& why, std::string_view note = {}) {
        const error told = of_attempts(why, ran_, started(), note);
        finish({.failure = &told, .meta = &said_});
    }

    void finish(const reply& end) {
        repetition::remove(*this);
        if (alarm_) alarm_->cancel();
        outgoing_call& told = *std::exchange(whole_, nullptr);
        // What they would fill ends with the call.
        for (one_attempt& each : attempts_) {
            each.facts = nullptr;
            each.changed_headers = nullptr;
        }
        const auto core = std::exchange(core_, nullptr);
        told.holder = nullptr;
        reply last = end;
        last.attempts = started();
        told.complete(last);
        cancel_attempts(error{status::cancelled, "another attempt of the call has been answered"});
    }

    void cancel_attempts(const error& why) {
        // None is added while these end: the call is over, or given up.
        for (one_attempt& each : attempts_)
            if (each.call && each.holder != nullptr) each.holder->cancel(each, why);
    }

    std::shared_ptr<client_core> core_;
    std::shared_ptr<const retry_decisions> policy_;
    outgoing_call* whole_;  ///< null: it has been told its end
    std::deque<one_attempt> attempts_;
    unsigned running_ = 0;
    std::unique_ptr<timer> alarm_;
    std::optional<error> last_;
    reply_meta said_;  ///< with that failure
    executed ran_ = executed::no;
    bool waits_ = false;  ///< for the next attempt
    bool repeats_ = false;  ///< that one comes because another has failed
    bool given_up_ = false;
};

FARCALL_DECL void start_hedging(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                                outgoing_call& call) {
    std::allocate_shared<hedging_call>(boost::asio::recycling_allocator<void>{}, core, std::move(policy), call)->begin();
}

}  // namespace farcall::detail
