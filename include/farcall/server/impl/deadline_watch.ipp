#pragma once

#include <farcall/server/deadline_watch.hpp>
#include <farcall/server/incoming_call.hpp>

namespace farcall::detail {

FARCALL_DECL void deadline_watch::set(time_point when) {
    alarm_.set(when, [this] {
        return [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->on_alarm();
        };
    });
}

FARCALL_DECL void deadline_watch::on_alarm() {
    alarm_.came();
    const time_point now = time_->now();
    while (deadline_entry* call = queue_.take_expired(now))
        static_cast<deferred_call*>(call)->stop(stop_reason::expired);
    set(queue_.next());
}

}  // namespace farcall::detail
