#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/error.hpp>

#include <farcall/transport/loop_stream.hpp>
#include <farcall/transport/socket_stream.hpp>

namespace farcall::detail {

/// A socket that takes connections in, on an event loop of our own.
///
/// @tparam Kind  of sockets: `protocol`, Asio's; `peer_name(endpoint)`
template <class Kind>
class loop_listener final : public listener, private event_loop::watcher {
public:
    using protocol = typename Kind::protocol;
    using acceptor = boost::asio::basic_socket_acceptor<protocol>;
    /// Called when it is closed.
    using closed_handler = std::function<void()>;

    /// @param socket  listens; what connections have from it, such as options of theirs, is set
    loop_listener(event_loop& loop, acceptor&& socket, endpoint local, closed_handler closed = nullptr)
        : event_loop::watcher(loop), local_(std::move(local)), closed_(std::move(closed)) {
        close_on_exec(socket);
        socket.native_non_blocking(true);
        protocol_.emplace(socket.local_endpoint().protocol());
        socket_ = socket.release();
    }

    ~loop_listener() override {
        close();
        if (!done_) return;
        loop().end_operation();
        loop().post([done = std::move(done_)] { done(boost::asio::error::operation_aborted, nullptr); });
    }

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        failure_.clear();
        executor_ = std::move(executor);
        done_ = std::move(done);
        loop().begin_operation();
        listen_for(EPOLLIN);
        if (socket_ >= 0 && !failure_) return;
        loop().join(*this);
        loop().wish(*this);
    }

    endpoint local() const override { return local_; }

    void close() noexcept override {
        if (socket_ < 0) return;
        if (watched_) loop().unwatch(socket_, *this);
        ::close(std::exchange(socket_, -1));
        if (closed_) std::exchange(closed_, nullptr)();
        if (!done_) return leave_loop();
        loop().join(*this);
        loop().wish(*this);
    }

private:
    void abandon() noexcept override {
        watched_ = false;  // it may be closed when there is no loop any more
        if (!done_) return;
        loop().end_operation();
        const auto gone = std::exchange(done_, nullptr);
    }

    /// What is so is told each time, for as a rule no other connection waits behind the first: it is not looked for. So
    /// while nobody accepts, nothing is listened for.
    void listen_for(std::uint32_t events) noexcept {
        if (socket_ < 0 || events == events_) return;
        failure_ = watched_ ? loop().rewatch(socket_, events, *this) : loop().watch(socket_, events, *this);
        if (failure_) return;
        watched_ = true;
        events_ = events;
    }

    void on_events(std::uint32_t) override {
        if (!done_) return listen_for(0);
        boost::system::error_code failure = socket_ < 0 ? boost::asio::error::operation_aborted : failure_;
        std::unique_ptr<byte_stream> made;
        if (!failure && !accept(made, failure)) return;
        loop().end_operation();
        const auto done = std::exchange(done_, nullptr);
        if (socket_ < 0) leave_loop();
        done(failure, std::move(made));
    }

    /// @returns whether it has ended
    bool accept(std::unique_ptr<byte_stream>& made, boost::system::error_code& failure) {
        typename protocol::endpoint remote;
        auto size = static_cast<socklen_t>(remote.capacity());
        descriptor got{::accept4(socket_, remote.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (got.number() < 0) {
            failure = {errno, boost::system::system_category()};
            // Somebody else was faster, or the peer has gone already.
            return failure != boost::asio::error::would_block && failure != boost::asio::error::try_again &&
                   failure != boost::asio::error::interrupted && failure != boost::asio::error::connection_aborted &&
                   failure.value() != EPROTO;
        }
        // A Unix socket's path that fills its room is said to be one longer, for a zero behind it.
        remote.resize(std::min<std::size_t>(size, remote.capacity()));
        if (event_loop* const loop = event_loop::of(executor_)) {
            made = std::make_unique<loop_stream>(*loop, std::move(got), Kind::peer_name(remote), protocol_->family());
            return true;
        }
        boost::asio::basic_stream_socket<protocol> socket{executor_};
        socket.assign(*protocol_, got.number(), failure);
        if (failure) return true;
        got.release();
        made = std::make_unique<socket_stream<protocol>>(std::move(socket), Kind::peer_name(remote));
        return true;
    }

    int socket_ = -1;  ///< negative once it is closed
    endpoint local_;
    closed_handler closed_;
    std::optional<protocol> protocol_;
    boost::asio::any_io_executor executor_;  ///< of the connection that is waited for
    accept_handler done_;
    boost::system::error_code failure_;  ///< why it cannot be waited for any
    std::uint32_t events_ = 0;
    bool watched_ = false;
};

}  // namespace farcall::detail
