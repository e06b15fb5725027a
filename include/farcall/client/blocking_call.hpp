#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <farcall/client/call_request.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/io_driver.hpp>
#include <farcall/client/read_reply.hpp>

namespace farcall::detail {

/// Where a call that its thread waits for leaves what it ended with; alone in knowing the type.
class awaited_outcome {
public:
    virtual void read(const reply& end, std::string_view method) = 0;
    /// @returns the error that it ended with, or none
    virtual std::optional<error> failure() const = 0;

protected:
    ~awaited_outcome() = default;
};

template <class R, class Declared>
class typed_outcome final : public awaited_outcome {
public:
    void read(const reply& end, std::string_view method) override { value.emplace(read_reply<R>(end, method, Declared{})); }
    std::optional<error> failure() const override {
        if (*value) return std::nullopt;
        return value->error();
    }

    std::optional<result<R>> value;
};

/// A call that its thread waits for; lives on that thread's stack.
class blocking_call final : public outgoing_call, public io_driver::task, public io_driver::waiter {
public:
    /// @param outcome  must outlive the call
    explicit blocking_call(awaited_outcome& outcome) : outcome_(outcome) { request_.lent = &lent_; }
    ~blocking_call();

    /// To be filled before `make`.
    call_request& request() noexcept { return request_; }

    /// Makes the call; blocks until it has ended.
    /// @returns why it was not even begun, or none: the outcome is there
    std::optional<error> make();

    void run() noexcept override;
    void complete(const reply& end) noexcept override;
    void abandon() noexcept override;

private:
    error not_begun(const error& why) const;

    call_request request_;
    text_apart lent_;
    awaited_outcome& outcome_;
    std::shared_ptr<cancel_relay> relay_;  ///< null: the call cannot be given up
};

/// Makes a call whose request is filled, and waits for it.
template <class R, class Declared>
result<R> wait_for(blocking_call& call, typed_outcome<R, Declared>& outcome) {
    if (const std::optional<error> why = call.make()) return *why;
    return *std::move(outcome.value);
}

/// @param make  `make(call_request&)` makes the request
template <class R, class Declared, class Make>
result<R> call_and_wait(const Make& make) {
    typed_outcome<R, Declared> outcome;
    blocking_call call{outcome};
    make(call.request());
    return wait_for(call, outcome);
}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/blocking_call.ipp>
#endif
