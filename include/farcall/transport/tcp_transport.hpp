#pragma once

#include <farcall/transport/transport.hpp>

namespace farcall {

/// TCP, with Nagle's delay off.
///
/// A name is looked up and all its addresses are tried in turn. Listening reuses an address that is left over from an
/// earlier process, and accepts IPv4 clients on `[::]` only where the system's default says so.
/// @par Thread safety  Safe.
class tcp_transport final : public transport {
public:
    FARCALL_DECL std::function<void()> async_connect(const endpoint& to, boost::asio::any_io_executor executor,
                                                     connect_handler done) override;
    FARCALL_DECL std::unique_ptr<listener> listen(const endpoint& at, boost::asio::any_io_executor executor) override;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/tcp_transport.ipp>
#endif
