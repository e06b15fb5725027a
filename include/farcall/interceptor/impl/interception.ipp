#pragma once

#include <exception>

#include <farcall/interceptor/interception.hpp>

namespace farcall::detail {

FARCALL_DECL error interceptor_failure(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const error& failure) {
        return failure;
    } catch (...) {
        // Its text is the application's, and not meant for a peer.
        return error{status::internal, "an interceptor threw what is no farcall::error"};
    }
}

FARCALL_DECL void interception::begin() {
    self_ = shared_from_this();
    inwards(0);
}

FARCALL_DECL void interception::inwards(std::size_t from) {
    for (std::size_t at = from;; ++at) {
        // A coroutine was told to stop, and goes on all the same.
        if (given_up_from_ != nowhere) return outwards(at, call_outcome::failed(refusal()));
        if (at == chain_.size()) return invoke();
        interceptor_stage& stage = chain_[at].stage();
        if (stage.waits()) {
            may_wait();
            return stage.run(shared_from_this(), at);
        }
        std::optional<call_outcome> end;
        try {
            end = stage.before(call_);
        } catch (...) {
            error why = interceptor_failure(std::current_exception());
            if (why.executed() == executed::unknown) why = why.with_executed(executed::no);
            end = call_outcome::failed(std::move(why));
        }
        if (end) return outwards(at, std::move(*end));
    }
}

FARCALL_DECL void interception::outwards(std::size_t from, call_outcome end) {
    for (std::size_t at = from; at-- != 0;) {
        if (!coroutines_.empty() && std::exchange(coroutines_[at].awaits, false)) {
            if (!coroutines_[at].held) return coroutines_[at].stage->resume(std::move(end));
            // Whoever awaits is another coroutine that the stage's own has begun.
            coroutine_state late = std::exchange(coroutines_[at], {});
            late.stage->resume(std::move(end));
            end = *std::move(late.held);
            continue;
        }
        try {
            chain_[at].stage().after(call_, end);
        } catch (...) {
            const error why = interceptor_failure(std::current_exception());
            const executed ran = end.failure ? end.failure->executed() : executed::yes;
            end.failure = why.with_executed(ran);
        }
    }
    const auto alive = std::exchange(self_, nullptr);
    finish(std::move(end));
}

FARCALL_DECL void interception::answered(call_outcome end) { outwards(chain_.size(), std::move(end)); }

FARCALL_DECL void interception::running(std::size_t index, std::shared_ptr<waiting_stage> stage) {
    if (coroutines_.empty()) coroutines_.resize(chain_.size());
    coroutines_[index].stage = std::move(stage);
}

FARCALL_DECL void interception::go_on(std::size_t index) {
    coroutines_[index].awaits = true;
    inwards(index + 1);
}

FARCALL_DECL void interception::ended(std::size_t index, call_outcome end) {
    const auto alive = shared_from_this();
    if (coroutines_[index].awaits) {
        coroutines_[index].held = std::move(end);
        return give_up_from(index + 1);
    }
    coroutines_[index].stage = nullptr;
    outwards(index, std::move(end));
}

FARCALL_DECL void interception::give_up_behind(std::size_t index) {
    if (!coroutines_.empty() && coroutines_[index].awaits) give_up_from(index + 1);
}

FARCALL_DECL void interception::give_up_from(std::size_t first) {
    if (given_up_from_ <= first) return;
    given_up_from_ = first;
    const auto alive = shared_from_this();
    // The innermost first: the outer ones may be about to get its outcome.
    give_up();
    for (std::size_t at = coroutines_.size(); at-- > first;)
        if (at < coroutines_.size())
            if (const auto stage = coroutines_[at].stage) stage->stop();
}

FARCALL_DECL void interception::stop() {
    if (std::exchange(stopped_, true)) return;
    give_up_from(0);
}

FARCALL_DECL void interception::abandon() noexcept {
    // The end of one coroutine may come back here.
    const auto alive = std::exchange(self_, nullptr);
    for (const coroutine_state& each : std::exchange(coroutines_, {}))
        if (each.stage) each.stage->abandon();
}

}  // namespace farcall::detail
