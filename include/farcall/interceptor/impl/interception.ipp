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
    for (std::size_t at = from; at != chain_.size(); ++at) {
        interceptor_stage& stage = chain_[at].stage();
        if (stage.waits()) return stage.run(shared_from_this(), at);
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
    invoke();
}

FARCALL_DECL void interception::outwards(std::size_t from, call_outcome end) {
    for (std::size_t at = from; at-- != 0;) {
        if (!awaited_.empty() && awaited_[at] != nullptr) return std::exchange(awaited_[at], nullptr)->resume(std::move(end));
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

FARCALL_DECL void interception::go_on(std::size_t index, waiting_stage& stage) {
    if (awaited_.empty()) awaited_.resize(chain_.size());
    awaited_[index] = &stage;
    inwards(index + 1);
}

FARCALL_DECL void interception::ended(std::size_t index, call_outcome end) {
    const auto alive = shared_from_this();
    running_[index] = nullptr;
    outwards(index, std::move(end));
}

FARCALL_DECL void interception::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto alive = shared_from_this();
    // The innermost first: the outer ones may be about to get its outcome.
    give_up();
    for (std::size_t at = running_.size(); at-- != 0;)
        if (const auto stage = running_[at]) stage->stop();
}

FARCALL_DECL void interception::abandon() noexcept {
    // The end of one coroutine may come back here.
    const auto alive = std::exchange(self_, nullptr);
    awaited_.clear();
    for (const auto& stage : std::exchange(running_, {}))
        if (stage) stage->abandon();
}

}  // namespace farcall::detail
