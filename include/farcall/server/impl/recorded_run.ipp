#pragma once

#include <farcall/detail/json_text.hpp>
#include <farcall/detail/mutant.hpp>
#include <farcall/protocol/error_object.hpp>
#include <farcall/server/recorded_run.hpp>
#include <farcall/server/recorder.hpp>

namespace farcall::detail {

/// An error as the text of a response from its member `error` on.
inline void append_error_reply(text_buffer& out, const error& why) {
    append_literal(out, "\"error\":");
    append_error_object(out, why);
    out.push_back('}');
}

FARCALL_DECL std::optional<error> recorded_run::end(std::string_view reply, bool ran) {
    std::optional<error> failure;
    try {
        const time_point now = all_.time_->now();
        if ((ran && !FARCALL_MUTANT(replies_are_not_recorded)) || FARCALL_MUTANT(refusals_are_recorded))
            all_.kept().finish(ticket_, reply, now);
        else
            all_.kept().forget(ticket_, now);
    } catch (const error& why) {
        // Nobody may get a reply that is not kept: the next attempt would get another one.
        failure = why;
        text_.clear();
        append_error_reply(text_, why);
        reply = text_.view();
    }
    std::vector<recorded_attempt*> waiting;
    {
        const std::lock_guard lock(all_.mutex_);
        all_.remove(*this);
        if (shared_) reply_ = reply;
        ended_ = true;
        handler_ = nullptr;
        waiting.swap(joined_);
    }
    if (FARCALL_MUTANT(joined_attempts_are_forgotten)) waiting.clear();
    for (recorded_attempt* each : waiting) each->run_ended(shared_from_this());
    return failure;
}

FARCALL_DECL std::optional<error> recorded_run::end(const error& why) {
    if (ended_) return {};
    text_.clear();
    append_error_reply(text_, why);
    return end(text_.view(), why.executed() != executed::no);
}

FARCALL_DECL void recorded_run::carried_by(recorded_attempt& handler) {
    const std::lock_guard lock(all_.mutex_);
    handler_ = &handler;
}

FARCALL_DECL void recorded_run::join(recorded_attempt& attempt, bool superseding) {
    {
        const std::lock_guard lock(all_.mutex_);
        if (!ended_) {
            if (!superseding || callers_ == 0) ++callers_;
            joined_.push_back(&attempt);
            return;
        }
    }
    attempt.run_ended(shared_from_this());
}

FARCALL_DECL bool recorded_run::give_up(recorded_attempt& attempt, stop_reason why) {
    const std::lock_guard lock(all_.mutex_);
    if (!std::exchange(attempt.gave_up_, true) && callers_ != 0) callers_ = numbered_ ? 0 : callers_ - 1;
    if (callers_ != 0) return false;
    if (handler_ == &attempt) return true;
    if (handler_ != nullptr) handler_->stop_later(why);
    return false;
}

FARCALL_DECL void run_owner::give_up() noexcept {
    if (!run_->ended())
        run_->end(error{status::internal, "the handler was given up before it answered"}.with_executed(executed::yes));
}

}  // namespace farcall::detail
