#pragma once

#include <farcall/server/deadline_watch.hpp>
#include <farcall/server/incoming_call.hpp>

namespace farcall::detail {

FARCALL_DECL void deadline_watch::set(time_point when) {
    // Most calls end long before their deadlines: an alarm that comes too early is set again, once, where one for each
    // call would cost a system call for each.
    if (when >= alarm_at_) return;
    alarm_at_ = when;
    alarm_->set(when, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->on_alarm();
    });
}

FARCALL_DECL void deadline_watch::on_alarm() {
    alarm_at_ = never;
    const time_point now = time_->now();
    while (deadline_entry* call = queue_.take_expired(now))
        static_cast<deferred_call*>(call)->stop(stop_reason::expired);
    set(queue_.next());
}

}  // namespace farcall::detail
