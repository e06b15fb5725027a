#pragma once

#include <memory>
#include <optional>

#include <farcall/client/call_draft.hpp>
#include <farcall/client/call_request.hpp>
#include <farcall/client/cancel_relay.hpp>
#include <farcall/client/io_driver.hpp>
#include <farcall/client/read_reply.hpp>

namespace farcall::detail {

/// A call that its thread waits for; lives on that thread's stack.
class blocking_call final : public outgoing_call, public io_task, public io_driver::waiter {
public:
    /// @param value  gets the result; both must outlive the call
    blocking_call(const call_draft& draft, const answer_form& form, void* value)
        : request_(draft, &lent_), form_(form), value_(value) {}

    /// Makes the call; blocks until it has ended.
    /// @returns why there is no result, or none
    std::optional<error> make();

    void run() noexcept override;
    void complete(const reply& end) noexcept override;
    void abandon() noexcept override;

private:
    error not_begun(const error& why) const;

    text_apart lent_;
    call_request request_;
    const answer_form& form_;
    void* value_;
    std::optional<error> failure_;
    std::shared_ptr<cancel_relay> relay_;  ///< null: the call cannot be given up
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/blocking_call.ipp>
#endif
