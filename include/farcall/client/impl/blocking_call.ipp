#pragma once

#include <farcall/client/blocking_call.hpp>
#include <farcall/client/client_core.hpp>

namespace farcall::detail {

FARCALL_DECL std::optional<error> blocking_call::make() {
    request_.fill(*this);
    if (const error* const why = request_.failure()) return not_begun(*why);
    io_driver& driver = request_.core->driver();
    if (driver.on_io_thread())
        return not_begun(error{status::failed_precondition,
                               "a blocking call on the thread that does its I/O would wait for itself; give it a "
                               "completion token, such as boost::asio::use_awaitable"});
    if (request_.stoppable()) {
        relay_ = cancel_relay::make(*this, driver.executor());
        relay_->follow(request_.extras->stop);
    }
    if (!(driver.own_loop() ? driver.run(*this, *this) : driver.run(*this, *this, request_.latest()))) {
        if (relay_) relay_->end();
        return not_begun(error{status::deadline_exceeded,
                               "nobody runs the event loop that this client was given; run it on another thread, or "
                               "give the call a completion token"});
    }
    return std::move(failure_);
}

FARCALL_DECL void blocking_call::run() noexcept { request_.start(*this, relay_.get(), queued()); }

FARCALL_DECL void blocking_call::complete(const reply& end) noexcept {
    if (relay_) relay_->end();
    request_.tell(end);
    failure_ = read_reply(end, method, form_, value_);
    request_.ended(end, failure_ ? &*failure_ : nullptr);
    finish();
}

FARCALL_DECL void blocking_call::abandon() noexcept {
    const error why =
        error{status::cancelled, "the executor that does the client's I/O was destroyed"}.with_executed(executed::unknown);
    complete({.failure = &why});
}

FARCALL_DECL error blocking_call::not_begun(const error& why) const {
    const reply end{.failure = &why, .attempts = 0};
    request_.tell(end);
    request_.ended(end, &why);
    return why.with_executed(executed::no).with_method(request_.name());
}

}  // namespace farcall::detail
