#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <farcall/client/client_target.hpp>
#include <farcall/session/outgoing_call.hpp>
#include <farcall/session/waiting_calls.hpp>
#include <farcall/transport/alarm.hpp>
#include <farcall/transport/time_source.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

class client_link;

/// The attempts to get a connection, and the calls that wait for one.
///
/// An attempt that fails ends the calls that wait, but for those with `wait_for_ready`: for them it tries again, in the
/// pauses of `client_options::reconnect`. What is under way, an attempt or a pause, owns the dialer, so that it ends
/// when the executor's context does; then its calls are abandoned.
/// @par Thread safety  Unsafe: lives on its executor.
class client_dialer final : public call_holder, public std::enable_shared_from_this<client_dialer> {
public:
    /// Who is told of the link that comes out of it.
    class owner {
    public:
        /// Sends the next calls over this link.
        virtual void use(const std::shared_ptr<client_link>& link) = 0;

    protected:
        ~owner() = default;
    };

    FARCALL_DECL client_dialer(std::shared_ptr<client_target> target, std::weak_ptr<owner> who);
    FARCALL_DECL ~client_dialer();

    /// Lets the call wait, and tries to connect; refuses it where it is too early for an attempt.
    FARCALL_DECL void start(outgoing_call& call);
    FARCALL_DECL void cancel(outgoing_call& call, const error& why) override;
    /// Ends it when the one-way calls that wait are sent, or cannot be. Only without other calls that wait.
    FARCALL_DECL void finish(const error& why);
    /// Ends it at once; what waits is completed with `why`.
    FARCALL_DECL void close(const error& why);

private:
    void keep(outgoing_call& call);
    void dial();
    void connected(boost::system::error_code failure, std::unique_ptr<byte_stream> stream);
    void opened(const std::shared_ptr<client_link>& link, const std::string& problem);
    void take(const std::shared_ptr<client_link>& link);
    void failed(std::string reason);
    error too_early() const;
    void expire(time_point now);
    void end_all(const error& why);
    void stop_dialing();
    void watch(time_point when);
    void rest();
    void rest_if_idle();
    void on_alarm();
    static void fail(outgoing_call& call, const error& why);

    std::shared_ptr<client_target> target_;
    std::weak_ptr<owner> owner_;
    waiting_calls waiting_;
    alarm alarm_;
    std::function<void()> give_up_;         ///< null: no attempt is under way
    time_point dialed_at_{};
    time_point connect_deadline_ = never;
    unsigned attempt_ = 0;                  ///< tells the end of an attempt from that of an earlier one
    std::optional<error> finishing_;
    std::shared_ptr<owner> kept_owner_;  ///< whom the link may need that comes of it
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_dialer.ipp>
#endif
