#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client/channel.hpp>
#include <farcall/client/client_link.hpp>
#include <farcall/client_options.hpp>
#include <farcall/endpoint.hpp>

namespace farcall::detail {

/// The channel to one server: connects with the first call, and anew with the next one after a loss.
///
/// @par Thread safety  Unsafe: lives on its executor.
class client_connection final : public channel {
public:
    /// @param options  with `transport` and `time` set
    FARCALL_DECL client_connection(endpoint server, const client_options& options,
                                   boost::asio::any_io_executor executor);

    FARCALL_DECL void start(outgoing_call& call) override;

    /// Whether there is a connection, or an attempt to get one.
    bool linked() const noexcept { return !link_.expired(); }

    /// Ends the connection when what was started on it is sent. Only without calls that wait.
    FARCALL_DECL void finish(const error& why);
    /// Ends the connection at once; what waits on it is completed with `why`.
    FARCALL_DECL void close(const error& why);

private:
    endpoint server_;
    client_options options_;
    boost::asio::any_io_executor executor_;
    std::weak_ptr<client_link> link_;  ///< owned by its pending operations
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_connection.ipp>
#endif
