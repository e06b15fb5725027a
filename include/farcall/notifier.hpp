#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <farcall/detail/text_buffer.hpp>

namespace farcall {

namespace detail {

/// Where a server's notifications to one client go.
///
/// @par Thread safety  Safe.
class notification_sink {
public:
    virtual ~notification_sink() = default;
    /// @param message  a whole JSON-RPC notification
    /// @returns whether it will be sent
    virtual bool send(text_buffer message) = 0;
    virtual bool open() const noexcept = 0;
};

}  // namespace detail

/// Tells one client what happens, unasked: server push.
///
/// `peer::notifier` is that of a connection; whoever has something to tell later keeps a copy. What it sends are JSON-RPC
/// notifications, which clients on native frames, lines, `Content-Length:` framing and WebSocket get in the order of the
/// calls, behind the reply to the call that is being handled. HTTP has no way for them.
/// @par Thread safety  Safe; copies share their connection.
/// @par Example        examples/14_server_push.cpp
class notifier {
public:
    /// Belongs to no connection: nothing is sent.
    notifier() = default;
    /// Made by the server.
    explicit notifier(std::shared_ptr<detail::notification_sink> sink) noexcept : sink_(std::move(sink)) {}

    /// Sends `{"jsonrpc":"2.0","method":...,"params":[...]}`. Does not wait; a client that has gone gets nothing.
    ///
    /// @returns false, and nothing is sent, if the connection has ended, cannot carry notifications, or its client takes
    ///          what is sent so slowly that `limits::write_buffer_soft` bytes wait already
    /// @par Errors  `invalid_argument` if an argument has no JSON form, such as NaN
    template <class... Arguments>
    bool notify(std::string_view method, const Arguments&... arguments) const;

    /// Whether there is a connection that can carry notifications.
    bool connected() const noexcept { return sink_ && sink_->open(); }

private:
    std::shared_ptr<detail::notification_sink> sink_;
};

}  // namespace farcall
