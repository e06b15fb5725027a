#pragma once

#include <algorithm>
#include <utility>

#include <farcall/detail/mutant.hpp>
#include <farcall/session/once_session.hpp>

namespace farcall::detail {

/// One session as the server opened it. It lives as long as a call has a number of it, even when it is lost.
struct once_session::numbering {
    std::string id;
    std::uint64_t first = 1;  ///< the first number whose call has no end
    std::uint64_t next = 1;   ///< the number of the next call
    std::vector<bool> ended;  ///< of the numbers from `first` to `next`, each at its remainder
    bool lost = false;

    bool room() const { return next - first < ended.size() + (FARCALL_MUTANT(window_off_by_one) ? 1 : 0); }

    void end(std::uint64_t number) {
        ended[number % ended.size()] = true;
        for (; first != next && (ended[first % ended.size()] || FARCALL_MUTANT(ack_runs_ahead)); ++first)
            ended[first % ended.size()] = false;
    }
};

FARCALL_DECL void once_session::append(member& call) {
    call.turn_ = ++entered_;
    line_.push_back(call);
}

FARCALL_DECL void once_session::enter(member& call) {
    call.unnumbered_ = false;
    append(call);
}

FARCALL_DECL void once_session::enter_unnumbered(member& call) {
    call.unnumbered_ = true;
    append(call);
}

FARCALL_DECL once_session::member* once_session::next() {
    member* const first = line_.front();
    if (first == nullptr || stage_ != stage::open) return nullptr;
    if (!first->unnumbered_) {
        if (!current_->room()) return nullptr;
        first->of_ = current_;
        first->stamp_ = {.session = current_->id, .seq = current_->next++, .ack = &current_->first};
    }
    first->unlink();
    return first;
}

FARCALL_DECL void once_session::leave(member& call) {
    if (call.waits()) return call.unlink();
    if (const auto of = std::exchange(call.of_, nullptr)) of->end(call.stamp_.seq);
}

FARCALL_DECL void once_session::opened(std::string id, std::uint64_t window) {
    current_ = std::make_shared<numbering>();
    current_->id = std::move(id);
    current_->ended.resize(std::clamp<std::uint64_t>(window, 1, most_window));
    stage_ = stage::open;
    offered_ = true;
}

FARCALL_DECL once_session::member* once_session::take_waiting(std::uint64_t last) {
    member* const first = line_.front();
    if (first == nullptr || first->turn_ > last) return nullptr;
    first->unlink();
    return first;
}

FARCALL_DECL void once_session::forgotten(member& call) {
    const auto of = std::exchange(call.of_, nullptr);
    of->lost = true;
    if (of != current_) return;
    // Another session may be on its way already only if this one was not the current one.
    current_ = nullptr;
    stage_ = stage::closed;
}

FARCALL_DECL bool once_session::lost(const member& call) const { return call.of_->lost; }

}  // namespace farcall::detail
