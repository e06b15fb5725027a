#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client_options.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/session/client_session.hpp>
#include <farcall/transport/duplex.hpp>
#include <farcall/transport/time_source.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// One connection of a client from the attempt to connect to its end, with the calls that are on it.
///
/// Calls may be started while it still connects; they leave when it has. What is under way on the transport owns the
/// link, so that it ends when the executor's context does; then its calls are abandoned.
/// @par Thread safety  Unsafe: lives on its executor.
class client_link final : public call_holder,
                          public duplex::owner,
                          public std::enable_shared_from_this<client_link> {
public:
    FARCALL_DECL client_link(const endpoint& server, const client_options& options,
                             boost::asio::any_io_executor executor);

    FARCALL_DECL ~client_link();

    /// Begins to connect.
    FARCALL_DECL void open(transport& bytes);
    /// Only while not `ended`.
    FARCALL_DECL void start(outgoing_call& call);
    FARCALL_DECL void cancel(outgoing_call& call, const error& why) override;
    /// Ends it when what was started is sent. Only without calls that wait.
    FARCALL_DECL void finish(const error& why);
    /// Ends it; the calls on it are completed with `why`.
    FARCALL_DECL void close(const error& why);
    /// Whether it takes no more calls.
    bool ended() const noexcept { return ended_ || session_.going_away(); }

private:
    friend class duplex;
    FARCALL_DECL std::size_t on_bytes(std::string_view bytes) override;
    std::size_t bytes_wanted() const override { return bytes_wanted_; }
    void on_drained() override {}
    FARCALL_DECL void on_closed(boost::system::error_code failure) override;

    void connected(boost::system::error_code failure, std::unique_ptr<byte_stream> stream);
    void watch(time_point when);
    void on_alarm();
    void lose(const error& why);
    text_buffer& out() noexcept { return wire_ ? wire_->out() : before_connecting_; }
    void flush();
    void close_if_useless();

    /// Requests are sent as soon as this many bytes are pending, so that client and server work at the same time.
    static constexpr std::size_t early_flush = 4096;

    endpoint server_;
    client_options options_;
    boost::asio::any_io_executor executor_;
    client_session session_;
    std::optional<duplex> wire_;     ///< empty while connecting
    text_buffer before_connecting_;  ///< frames of calls that were started too early
    std::function<void()> give_up_connecting_;
    std::unique_ptr<timer> alarm_;
    time_point alarm_at_ = never;
    time_point connect_deadline_ = never;
    std::optional<error> why_ended_;
    std::size_t bytes_wanted_ = 0;
    bool handling_ = false;
    bool ended_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_link.ipp>
#endif
