#pragma once

#include <utility>

#include <farcall/server/recorded_run.hpp>
#include <farcall/server/recorder.hpp>
#include <farcall/store/memory_store.hpp>

namespace farcall::detail {

FARCALL_DECL recorder::recorder(std::shared_ptr<store> kept, std::shared_ptr<time_source> time)
    : kept_(kept ? std::move(kept) : std::make_shared<memory_store>()), time_(std::move(time)) {}

FARCALL_DECL recorder::admitted recorder::admit(const call_identity& call, time_point now) {
    // Under the mutex: whoever is told that a call runs finds the run here.
    const std::lock_guard lock(mutex_);
    admitted made{kept_->admit(call, now), nullptr};
    if (made.found.verdict == verdict::run) {
        made.run = std::make_shared<recorded_run>(*this, made.found.ticket, !call.session.empty());
        recorded_run*& first = place_of(made.found.ticket);
        made.run->next_ = first;
        first = made.run.get();
    } else if (made.found.verdict == verdict::running) {
        recorded_run* found = place_of(made.found.ticket);
        while (found != nullptr && found->ticket_ != made.found.ticket) found = found->next_;
        if (found != nullptr) {
            found->shared_ = true;
            made.run = found->shared_from_this();
        }
    }
    return made;
}

FARCALL_DECL void recorder::remove(recorded_run& ended) noexcept {
    recorded_run** at = &place_of(ended.ticket_);
    while (*at != &ended) at = &(*at)->next_;
    *at = ended.next_;
}

}  // namespace farcall::detail
