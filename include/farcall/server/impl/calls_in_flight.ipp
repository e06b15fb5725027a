#pragma once

#include <farcall/server/calls_in_flight.hpp>
#include <farcall/server/deadline_watch.hpp>
#include <farcall/server/incoming_call.hpp>

namespace farcall::detail {

FARCALL_DECL void calls_in_flight::enter(deferred_call& call) noexcept {
    ++size_;
    calls_.push_back(call);
    deadlines_->add(call);
}

FARCALL_DECL void calls_in_flight::leave(deferred_call& call) noexcept {
    --size_;
    call.unlink();
    deadlines_->remove(call);
}

FARCALL_DECL void calls_in_flight::hasten(deferred_call& call, time_point deadline) noexcept {
    if (deadline >= call.deadline) return;
    deadlines_->remove(call);
    call.deadline = deadline;
    deadlines_->add(call);
}

FARCALL_DECL void calls_in_flight::cancel(std::string_view id) {
    for (deferred_call* call = calls_.front(); call != nullptr; call = calls_.after(*call))
        if (call->id() == id) return call->stop(stop_reason::cancelled);
}

FARCALL_DECL void calls_in_flight::stop(stop_reason why, time_point now) {
    // To stop one may end it and others, and may begin new ones.
    linked_list<deferred_call> rest;
    rest.take_all(calls_);
    while (deferred_call* first = rest.front()) {
        const deferred_pointer call = first->lock();
        first->unlink();
        calls_.push_back(*first);
        if (!call || (why != stop_reason::shut_down && call->keeps_running())) continue;
        call->stop(why);
        call->leave_flight(now);
    }
}

}  // namespace farcall::detail
