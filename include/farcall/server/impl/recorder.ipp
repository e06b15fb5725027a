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
        runs_.emplace(made.found.ticket, made.run.get());
    } else if (made.found.verdict == verdict::running) {
        const auto found = runs_.find(made.found.ticket);
        if (found != runs_.end()) made.run = found->second->shared_from_this();
    }
    return made;
}

}  // namespace farcall::detail
