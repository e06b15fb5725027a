#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/detail/config.hpp>
#include <farcall/notifier.hpp>

namespace farcall::detail {

/// What sends the notifications in the end: a connection.
class push_target {
public:
    /// Called on the executor that it was attached with.
    virtual void push(std::string_view message) = 0;

protected:
    ~push_target() = default;
};

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
    FARCALL_DECL void attach(std::weak_ptr<push_target> connection, boost::asio::any_io_executor executor);
    /// It cannot any more.
    void close() noexcept {
        // Whoever sends at this moment has the executor still, and nobody after it.
        const std::lock_guard lock(mutex_);
        open_.store(false, std::memory_order_release);
    }
    /// What waits to be taken by the client.
    void unsent(std::size_t bytes) noexcept { unsent_.store(bytes, std::memory_order_relaxed); }

private:
    const std::size_t limit_;
    std::mutex mutex_;  ///< of the next two, and of the way to the executor
    std::weak_ptr<push_target> connection_;
    boost::asio::any_io_executor executor_;
    std::atomic<std::size_t> unsent_{0};
    std::atomic<std::size_t> posted_{0};  ///< on the way to the connection
    std::atomic<bool> open_{false};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/push_sink.ipp>
#endif
