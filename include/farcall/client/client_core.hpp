#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/client/client_connection.hpp>
#include <farcall/client/io_driver.hpp>
#include <farcall/client/repetition.hpp>
#include <farcall/client_options.hpp>
#include <farcall/observe/observer.hpp>
#include <farcall/random.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

/// What the proxies and clients of one connection share.
///
/// Owned by a `std::shared_ptr`: by every handle and by every call under way, so that it ends with the last of them.
/// @par Thread safety  `channel`, `repeats` and `random` belong to the I/O thread; everything else is safe.
class client_core : public std::enable_shared_from_this<client_core> {
public:
    /// With an event loop of its own. Throws `invalid_argument` for a URL that is none.
    FARCALL_DECL client_core(std::string_view url, client_options options);
    /// With all I/O on `executor`.
    FARCALL_DECL client_core(const boost::asio::any_io_executor& executor, std::string_view url, client_options options);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    FARCALL_DECL ~client_core();

    io_driver& driver() const noexcept { return *driver_; }
    /// On which each attempt of a call is made.
    detail::channel& channel() noexcept { return *channel_; }
    /// Whether nobody but the connection sees calls: no interceptor, and no observer of calls.
    bool bare() const noexcept { return bare_; }
    /// The same as `channel().start`, where the client is `bare`.
    void start(outgoing_call& call) { connection_->start(call); }
    /// What the calls share that are made more than once.
    repetition& repeats() noexcept { return *repeats_; }
    /// Of the server.
    const std::string& url() const noexcept { return url_; }
    const client_options& options() const noexcept { return options_; }
    const observers& watched() const noexcept { return watched_; }
    /// No further attempt is made of a call because of a limit.
    void tell_limit(std::string_view limit) const {
        if (watched_.any()) watched_.tell(limit_event{{}, limit});
    }
    time_source& time() noexcept { return *options_.time; }
    random_source& random() noexcept { return *options_.random; }

    /// Ends the connection. Calls under way and those between two attempts end with `cancelled`; the next call connects
    /// anew.
    /// With an executor of the user's it does not wait for that.
    FARCALL_DECL void close();

private:
    FARCALL_DECL void set_up(std::string_view url);

    client_options options_;
    observers watched_{options_.observers};
    std::string url_;
    std::shared_ptr<io_driver> driver_;
    std::shared_ptr<client_connection> connection_;
    std::shared_ptr<detail::channel> channel_;  ///< the connection, maybe with interceptors in front of it
    std::shared_ptr<repetition> repeats_;
    bool bare_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_core.ipp>
#endif
