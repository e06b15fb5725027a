#pragma once

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <farcall/client/cancel_relay.hpp>

namespace farcall::detail {

FARCALL_DECL error cancel_relay::given_up() { return error{status::cancelled, "the caller gave the call up"}; }

FARCALL_DECL std::shared_ptr<cancel_relay> cancel_relay::make(outgoing_call& call, boost::asio::any_io_executor io) {
    return std::allocate_shared<cancel_relay>(boost::asio::recycling_allocator<void>{}, call, std::move(io));
}

FARCALL_DECL void cancel_relay::follow(std::stop_token token) {
    if (token.stop_possible()) stop_.emplace(std::move(token), on_stop{this});
}

FARCALL_DECL void cancel_relay::request() {
    // Posted under the lock: the executor is there as long as the call is, and `end` waits for the lock. Never at once:
    // who emits a signal may not have its own completion handler called inside of that.
    const std::lock_guard lock(mutex_);
    if (call_ == nullptr || std::exchange(requested_, true)) return;
    boost::asio::post(io_, [self = shared_from_this()] { self->act(); });
}

FARCALL_DECL void cancel_relay::act() {
    // Of a call that has begun only this thread sets `call_`; one that has not will see that it was given up.
    if (begun_ && call_ != nullptr && call_->holder != nullptr) call_->holder->cancel(*call_, given_up());
}

FARCALL_DECL bool cancel_relay::begin() {
    begun_ = true;
    const std::lock_guard lock(mutex_);
    return !requested_;
}

FARCALL_DECL void cancel_relay::end() {
    // Whoever may still wish something can live longer than the executor's context.
    boost::asio::any_io_executor done;
    {
        const std::lock_guard lock(mutex_);
        call_ = nullptr;
        io_.swap(done);
    }
    // Waits for a stop callback that runs on another thread now; without the lock, which that one needs.
    stop_.reset();
}

}  // namespace farcall::detail
