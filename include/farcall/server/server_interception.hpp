#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>
#include <farcall/interceptor/interception.hpp>
#include <farcall/protocol/meta.hpp>
#include <farcall/server/call_account.hpp>
#include <farcall/server/reply_batch.hpp>

namespace farcall::detail {

class deferred_call;
class server_connection;
struct reply_route;

/// One call on its way through the interceptors of a server, between its message and what answers it.
///
/// It has a copy of all that the message says, for that is gone when an interceptor waits. What answers the call is run
/// as ever, by an `incoming_call`, but its answer comes here (`reply_route::chain`), and what the last interceptor makes
/// of it goes where the message came from. An exactly-once call is recorded further in: each attempt is seen, and what
/// is recorded is the handler's answer.
///
/// As long as it waits for anything, the call as a whole is one of its connection's calls in flight (`whole_`); the
/// handler's own `deferred_call` is none then.
/// @par Thread safety  Unsafe: lives where its connection lives.
class server_interception final : public interception {
public:
    /// Reads the call in full and sends it on its way.
    ///
    /// @param text     the whole message, in which the reader's present request lies
    /// @param account  of the call; says afterwards what it ended with, unless it is answered later
    /// @param unfit    what it fails with if the interceptors let it pass; null: it is run
    /// @returns whether it is answered later; otherwise it is answered
    FARCALL_DECL static bool take(server_connection& connection, std::string_view text,
                                  const std::shared_ptr<reply_batch>& batch, call_account& account, const error* unfit);

    /// @{ For the `incoming_call` that runs the method.
    /// What the message says; without the headers, which `call` has.
    const call_meta& meta() const noexcept { return meta_; }
    /// The answer comes later. False: too many are under way.
    FARCALL_DECL bool defer();
    /// The handler that will answer.
    void handler_waits(deferred_call& handler) noexcept { handler_ = &handler; }
    /// @}

    /// @{ For that handler.
    void handler_ended() noexcept { handler_ = nullptr; }
    FARCALL_DECL void keep_running() noexcept;
    /// @}

    /// @{ The answer of what is inmost: room to write it, and its end.
    text_buffer& text() noexcept { return text_; }
    /// @param reply  the text of a response from its member `result` or `error` on
    FARCALL_DECL void take_reply(const reply_route& from, std::string_view reply);
    FARCALL_DECL void take_failure(const reply_route& from, const error& why);
    /// @}

    FARCALL_DECL void give_up() override;
    FARCALL_DECL error stop_failure() const override;

    FARCALL_DECL server_interception(std::shared_ptr<server_connection> connection, std::shared_ptr<reply_batch> batch,
                                     intercepted_call call, call_meta meta, call_account& account, bool asked,
                                     const error* unfit);
    FARCALL_DECL ~server_interception() override;

private:
    FARCALL_DECL void invoke() override;
    FARCALL_DECL error refusal() override;
    FARCALL_DECL void may_wait() override;
    FARCALL_DECL void finish(call_outcome end) override;
    void invoke_reserved(const reply_route& route);
    void take_end(const reply_route& from, call_outcome end);
    void release() noexcept;

    std::shared_ptr<server_connection> connection_;
    std::shared_ptr<reply_batch> batch_;
    call_meta meta_;
    text_buffer text_;
    call_account* account_;       ///< of the call as a whole; that of `whole_` if there is one
    call_account inner_account_;  ///< of what answers it
    boost::intrusive_ptr<deferred_call> whole_;  ///< null: it has waited for nothing yet
    deferred_call* handler_ = nullptr;
    const time_point arrived_;
    const time_point latest_;  ///< the deadline that the caller gave
    const bool asked_;         ///< whether the caller wants to know what there is beside the answer
    const std::optional<error> unfit_;  ///< why it is not run, whoever lets it pass
    std::size_t held_ = 0;              ///< bytes that count as the connection's while it waits
    /// Of the result that the method or the library gave, which is JSON; nothing: there was none.
    std::optional<std::size_t> own_result_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/server_interception.ipp>
#endif
