#pragma once

#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client/channel.hpp>
#include <farcall/client/client_dialer.hpp>
#include <farcall/client/client_link.hpp>
#include <farcall/client/client_target.hpp>

namespace farcall::detail {

/// The channel to one server: connects with the first call, and anew with the next one after a loss.
///
/// Calls go to the link that takes them, or to the dialer, which makes one. A link that the server wants to end keeps
/// the calls that it has, beside its successor.
/// Owned by a `std::shared_ptr`.
/// @par Thread safety  Unsafe: lives on its executor.
class client_connection final : public client_link::maker,
                                public client_dialer::owner,
                                public std::enable_shared_from_this<client_connection> {
public:
    /// @param options  with `transport`, `time` and `random` set
    FARCALL_DECL client_connection(endpoint server, const client_options& options,
                                   boost::asio::any_io_executor executor);

    void start(outgoing_call& call) override {
        if (current_ != nullptr && current_->takes_calls()) return current_->start(call);
        wait(call);
    }

    FARCALL_DECL void use(const std::shared_ptr<client_link>& link) override;

    void forget(const client_link& link) noexcept override {
        if (current_ == &link) current_ = nullptr;
    }

    /// Whether there is a connection, or an attempt to get one.
    FARCALL_DECL bool linked() const noexcept;

    /// Ends the connection when what was started on it is sent. Only without calls that wait, but for one-way calls.
    FARCALL_DECL void finish(const error& why) override;
    /// Ends the connection at once; what waits on it is completed with `why`. The next call may connect at once.
    FARCALL_DECL void close(const error& why);

private:
    FARCALL_DECL void wait(outgoing_call& call);
    template <class End>
    void end(End how);

    std::shared_ptr<client_target> target_;
    // Owned by their pending operations:
    std::weak_ptr<client_dialer> dialer_;
    std::weak_ptr<client_link> link_;
    client_link* current_ = nullptr;  ///< what `link_` refers to, as long as it is there
    std::vector<std::weak_ptr<client_link>> leaving_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_connection.ipp>
#endif
