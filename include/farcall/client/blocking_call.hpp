#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <farcall/client/call_request.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/io_driver.hpp>
#include <farcall/client/read_reply.hpp>

namespace farcall::detail {

/// A call that its thread waits for; lives on that thread's stack.
template <class R, class Declared>
class blocking_call final : public outgoing_call, public io_driver::task, public io_driver::waiter {
public:
    /// @param make  `make(call_request&)` makes the request
    template <class Make>
    explicit blocking_call(const Make& make) {
        make(request_);
        request_.fill(*this);
    }

    /// Makes the call; blocks until it has ended.
    result<R> make() {
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
        return std::move(*outcome_);
    }

    void run() noexcept override { request_.start(*this, relay_.get(), queued()); }

    void complete(const reply& end) noexcept override {
        if (relay_) relay_->end();
        request_.tell(end);
        outcome_.emplace(read_reply<R>(end, method, Declared{}));
        request_.ended(end, *outcome_);
        finish();
    }

    void abandon() noexcept override {
        const error why = error{status::cancelled, "the executor that does the client's I/O was destroyed"}.with_executed(
            executed::unknown);
        complete({.failure = &why});
    }

private:
    error not_begun(const error& why) const {
        const reply end{.failure = &why, .attempts = 0};
        request_.tell(end);
        request_.ended(end, &why);
        return why.with_executed(executed::no).with_method(request_.name());
    }

    call_request request_;
    std::optional<result<R>> outcome_;
    std::shared_ptr<cancel_relay> relay_;  ///< null: the call cannot be given up
};

template <class R, class Declared, class Make>
result<R> call_and_wait(const Make& make) {
    return blocking_call<R, Declared>{make}.make();
}

}  // namespace farcall::detail
