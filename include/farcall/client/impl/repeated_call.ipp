#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include <farcall/client/repeated_call.hpp>
#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// The pauses of a call that is repeated as long as its deadline lasts.
inline constexpr exponential_backoff patience{.max_attempts = std::numeric_limits<unsigned>::max(), .full_jitter = true};
/// With less time than this left, a patient call ends.
inline constexpr std::chrono::milliseconds shortest_patience{10};

FARCALL_DECL failed_attempt failure_of_attempt(unsigned attempt, const error& why) {
    return {.attempt = attempt, .code = why.status(), .executed = why.executed(), .retry_after = why.retry_after()};
}

FARCALL_DECL error of_attempts(const error& why, executed ran, unsigned attempts, std::string_view note) {
    const error told = why.with_executed(ran);
    if (attempts <= 1 && note.empty()) return told;
    error::details texts = told.texts();
    texts.message += " (attempt " + std::to_string(attempts) + ", the last";
    texts.message.append(note) += ')';
    return told.with_details(std::move(texts));
}

FARCALL_DECL repeated_call::repeated_call(std::shared_ptr<client_core> core,
                                          std::shared_ptr<const retry_decisions> policy, outgoing_call& whole)
    : core_(std::move(core)), policy_(std::move(policy)), whole_(&whole) {
    attempt_of(whole);
}

FARCALL_DECL repeated_call::~repeated_call() {
    if (whole_ == nullptr) return;
    whole_->holder = nullptr;
    whole_->abandon();
}

FARCALL_DECL void repeated_call::begin() {
    const auto self = shared_from_this();
    whole_->holder = this;
    core_->repeats().budget().deposit(now());
    first();
}

FARCALL_DECL void repeated_call::make_attempt(bool goes_on) {
    deadline = whole_->deadline;
    const auto limit = policy_ ? policy_->attempt_timeout() : std::chrono::milliseconds{0};
    if (limit.count() > 0) deadline = std::min(deadline, now() + limit);
    keep_running = goes_on && deadline < whole_->deadline;
    if (keep_running)
        whole_deadline = whole_->deadline != never ? whole_->deadline : now() + core_->options().limits.longest_deadline;
    ++made_;
    self_ = shared_from_this();
    const auto core = core_;  // the attempt may end in there, and the core with it
    core->channel().start(*this);
}

FARCALL_DECL void repeated_call::complete(const reply& end) noexcept {
    const auto self = std::exchange(self_, nullptr);
    if (end.failure == nullptr) return finish(end);
    ran_ = either(ran_, end.failure->executed());
    if (wants_meta) said_ = end.meta != nullptr ? std::move(*end.meta) : reply_meta{};
    if (given_up_) return finish(*end.failure);
    last_ = *end.failure;
    failed(*last_);
}

FARCALL_DECL void repeated_call::abandon() noexcept { const auto self = std::exchange(self_, nullptr); }

FARCALL_DECL void repeated_call::cancel(outgoing_call&, const error& why) {
    if (!self_) return give_up(why);
    given_up_ = true;
    keep_running = false;
    if (holder != nullptr) holder->cancel(*this, why);
}

FARCALL_DECL void repeated_call::give_up(const error& why) {
    if (whole_ == nullptr) return;
    const auto self = wake_up();
    finish(why);
}

FARCALL_DECL void repeated_call::pause_until(time_point when) {
    repetition::remove(*this);
    core_->repeats().add(*this);
    if (!pause_) pause_ = core_->time().make_timer(core_->driver().executor());
    pause_->set(when, [self = shared_from_this()] {
        repetition::remove(*self);
        self->resume();
    });
}

FARCALL_DECL std::shared_ptr<repeated_call> repeated_call::wake_up() {
    auto self = shared_from_this();
    repetition::remove(*this);
    if (pause_) pause_->cancel();
    return self;
}

FARCALL_DECL void repeated_call::finish(const reply& end) {
    outgoing_call& told = *std::exchange(whole_, nullptr);
    told.holder = nullptr;
    reply last = end;
    last.attempts = made_;
    told.complete(last);
    ended();
    // The timer's last function, which owns this, may lie in a queue of the executor for a while.
    const auto core = std::exchange(core_, nullptr);
}

FARCALL_DECL void repeated_call::finish(const error& why, std::string_view note) {
    const error told = of_attempts(why, ran_, attempt, note);
    finish({.failure = &told, .meta = &said_});
}

FARCALL_DECL std::optional<time_point> repeated_call::next_attempt(const error& failed, std::string_view& note) {
    // Not even a policy that repeats everything goes on when the client was told to end its calls.
    if (failed.status() == status::cancelled && failed.origin() == origin::local) return {};
    const failed_attempt how = failure_of_attempt(attempt, failed);
    const auto pause = policy_ ? policy_->retry(how, core_->random()) : patience.retry(how, core_->random());
    if (!pause) return {};
    const time_point present = now();
    if (policy_ && attempt >= core_->options().limits.attempts) {
        core_->tell_limit("attempts");
        note = by_limit;
        return {};
    }
    if (whole_->deadline == never || present + *pause < whole_->deadline) {
        if (!policy_ || core_->repeats().budget().left(present)) return present + *pause;
        core_->tell_limit("retry_budget");
        note = by_budget;
        return {};
    }
    // An attempt that would begin when the caller has stopped waiting is none; but who is patient tries earlier.
    const auto left = whole_->deadline - present;
    const auto earlier = std::max<time_point::duration>(left / 2, failed.retry_after());
    if (policy_ || left < shortest_patience || earlier >= left) return {};
    return present + earlier;
}

FARCALL_DECL void repeated_call::pause_or_finish(const error& why) {
    std::string_view note;
    const auto when = next_attempt(why, note);
    if (!when) return finish(why, note);
    if (core_->watched().any())
        core_->watched().tell(retry_event{method, attempt, &why, std::chrono::ceil<std::chrono::milliseconds>(*when - now())});
    pause_until(*when);
}

FARCALL_DECL void repeated_call::attempt_again(bool goes_on) {
    if (core_->repeats().budget().spend(now())) {
        ++attempt;
        return make_attempt(goes_on);
    }
    std::string_view note;
    if (!policy_)
        if (const auto when = next_attempt(*last_, note)) return pause_until(*when);
    core_->tell_limit("retry_budget");
    finish(*last_, by_budget);
}

}  // namespace farcall::detail
