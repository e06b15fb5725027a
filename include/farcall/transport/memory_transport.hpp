#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <farcall/transport/transport.hpp>

namespace farcall {

namespace detail {
class memory_listener;
struct memory_accept;
}  // namespace detail

/// Connections inside one process, without the system: `memory://name`.
///
/// A server and its clients must share one `memory_transport` object; `memory_transport::shared()` is what the URL
/// scheme means. Each direction holds at most 256 KiB that the other side has not read; then the writer waits.
/// @par Thread safety  Safe; the two ends of a connection may be on different executors.
class memory_transport final : public transport {
public:
    FARCALL_DECL std::function<void()> async_connect(const endpoint& to, boost::asio::any_io_executor executor,
                                                     connect_handler done) override;
    FARCALL_DECL std::unique_ptr<listener> listen(const endpoint& at, boost::asio::any_io_executor executor) override;

    /// The one that URLs with the scheme `memory` use in this process.
    FARCALL_DECL static std::shared_ptr<memory_transport> shared();

private:
    friend class detail::memory_listener;

    struct registry {
        std::mutex mutex;
        std::map<std::string, std::weak_ptr<detail::memory_accept>> listeners;
    };
    std::shared_ptr<registry> registry_ = std::make_shared<registry>();
};

/// Two connected ends, without a listener.
FARCALL_DECL std::pair<std::unique_ptr<byte_stream>, std::unique_ptr<byte_stream>> memory_pair(
    boost::asio::any_io_executor first, boost::asio::any_io_executor second);

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/memory_transport.ipp>
#endif
