#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/notifier.hpp>

namespace farcall::detail {

class server_connection;

/// Brings the notifications of any thread to the connection that sends them.
///
/// @par Thread safety  `send` and `open` are safe; the rest belongs to the connection.
class push_sink final : public notification_sink, public std::enable_shared_from_this<push_sink> {
public:
    /// @param limit  bytes that may wait for a client
    FARCALL_DECL explicit push_sink(std::size_t limit) noexcept : limit_(limit) {}

    FARCALL_DECL bool send(text_buffer message) override;
    bool open() const noexcept override { return open_.load(std::memory_order_acquire); }

    /// The connection can carry notifications from now on.
    FARCALL_DECL void attach(std::weak_ptr<server_connection> connection);
    /// It cannot any more.
    void close() noexcept { open_.store(false, std::memory_order_release); }
    /// What waits to be taken by the client.
    void unsent(std::size_t bytes) noexcept { unsent_.store(bytes, std::memory_order_relaxed); }

private:
    const std::size_t limit_;
    std::weak_ptr<server_connection> connection_;  ///< set before `open_`, and not changed afterwards
    std::atomic<std::size_t> unsent_{0};
    std::atomic<std::size_t> posted_{0};  ///< on the way to the connection
    std::atomic<bool> open_{false};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
// The functions need the connection, which knows this class by its name only.
#include <farcall/server/impl/push_sink.ipp>
#endif
