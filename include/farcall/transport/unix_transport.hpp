#pragma once

#include <farcall/transport/transport.hpp>

namespace farcall {

/// Unix domain sockets: the file system's permissions say who may connect.
///
/// Listening replaces a socket file that nobody listens on any more, refuses one that is in use, and removes its file
/// when it closes.
/// @par Thread safety  Safe.
class unix_transport final : public transport {
public:
    FARCALL_DECL std::function<void()> async_connect(const endpoint& to, boost::asio::any_io_executor executor,
                                                     connect_handler done) override;
    FARCALL_DECL std::unique_ptr<listener> listen(const endpoint& at, boost::asio::any_io_executor executor) override;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/unix_transport.ipp>
#endif
