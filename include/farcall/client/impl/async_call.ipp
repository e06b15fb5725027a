#pragma once

#include <farcall/client/async_call.hpp>

namespace farcall::detail {

FARCALL_DECL request_source::request_source(request_source&& other) {
    if (other.draft_ != nullptr)
        made_.emplace(*other.draft_);
    else
        made_.emplace(std::move(*other.made_));
    made_->made = never;  // nobody knows how much later the call is started
}

FARCALL_DECL void async_call_base::listen() {
    relay_ = cancel_relay::make(*this, io_executor(*request_.core));
    if (request_.stoppable()) relay_->follow(request_.extras->stop);
}

}  // namespace farcall::detail
