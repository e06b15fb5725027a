#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Carries the wish to give a call up to the I/O thread, from an Asio cancellation slot or a stop token.
///
/// Only calls that can be given up have one. Shared by the call and by whoever may wish that, who may live longer.
/// @par Thread safety  `request` is safe; everything else belongs to the I/O thread, but for what is done before the
///                     call is submitted to it.
class cancel_relay : public std::enable_shared_from_this<cancel_relay> {
public:
    /// What a cancellation slot is given.
    struct on_cancellation {
        std::shared_ptr<cancel_relay> relay;

        /// All kinds are the same to a call: it ends, and the handler is told.
        void operator()(boost::asio::cancellation_type type) const {
            if (type != boost::asio::cancellation_type::none) relay->request();
        }
    };

    /// @param io  where the call is made
    FARCALL_DECL static std::shared_ptr<cancel_relay> make(outgoing_call& call, boost::asio::any_io_executor io);

    cancel_relay(outgoing_call& call, boost::asio::any_io_executor io) : call_(&call), io_(std::move(io)) {}

    /// Passes on what `token` says from now on.
    FARCALL_DECL void follow(std::stop_token token);

    /// Gives the call up: soon, and never inside of this function. Without effect when it has ended.
    FARCALL_DECL void request();

    /// The call is about to be made, on the I/O thread.
    /// @returns false if it was given up before: it need not be made
    FARCALL_DECL bool begin();

    /// The call has ended, or will never begin; then from any thread. Once.
    FARCALL_DECL void end();

    /// What a call that was given up ends with; whoever holds it says whether it ran.
    FARCALL_DECL static error given_up();

private:
    struct on_stop {
        cancel_relay* relay;
        void operator()() const noexcept { relay->request(); }
    };

    void act();

    std::mutex mutex_;
    outgoing_call* call_;  ///< null: it has ended
    boost::asio::any_io_executor io_;
    bool requested_ = false;
    bool begun_ = false;  ///< seen by the I/O thread only
    std::optional<std::stop_callback<on_stop>> stop_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/cancel_relay.ipp>
#endif
