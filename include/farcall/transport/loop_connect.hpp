#pragma once

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include <boost/asio/error.hpp>

#include <farcall/detail/name_lookup.hpp>
#include <farcall/transport/loop_stream.hpp>

namespace farcall::detail {

/// One attempt to connect, on an event loop of our own: the addresses in turn.
///
/// Owned by a `std::shared_ptr`.
/// @tparam Kind  of sockets: `protocol`, Asio's; `peer_name(endpoint)`; `prepare(socket)`, before it is connected
template <class Kind>
class loop_connect final : private event_loop::watcher, public std::enable_shared_from_this<loop_connect<Kind>> {
public:
    using address = typename Kind::protocol::endpoint;

    loop_connect(event_loop& loop, transport::connect_handler done)
        : event_loop::watcher(loop), done_(std::move(done)) {
        loop.begin_operation();
    }
    ~loop_connect() { abandon(); }

    void start(std::vector<address> all) {
        addresses_ = std::move(all);
        try_next();
    }

    /// Looks the name up first.
    void start(const std::string& host, const std::string& port)
        requires std::same_as<address, boost::asio::ip::tcp::endpoint>
    {
        keep();
        lookup_ = name_lookup::begin(host, port, [this] {
            this->loop().post([self = this->shared_from_this()] { self->look_at_names(); });
        });
        // It may have ended already, or never have begun.
        loop().wish(*this);
    }

    /// It cannot even begin.
    void fail(boost::system::error_code failure) {
        failure_ = failure;
        end_soon();
    }

    void give_up() {
        if (!done_) return;
        given_up_ = true;
        if (attempt_) return attempt_->close();
        loop().wish(*this);
    }

private:
    /// As long as nothing else does.
    void keep() {
        kept_ = this->shared_from_this();
        loop().join(*this);
    }

    void end_soon() {
        keep();
        loop().wish(*this);
    }

    void look_at_names() {
        if (!lookup_ || !(given_up_ || lookup_->ended())) return;
        lookup_->abandon();
        const auto lookup = std::exchange(lookup_, nullptr);
        const auto self = std::exchange(kept_, nullptr);
        if constexpr (std::same_as<address, boost::asio::ip::tcp::endpoint>)
            if (!given_up_) addresses_ = lookup->found(failure_);
        if (!failure_ && addresses_.empty()) failure_ = boost::asio::error::host_not_found;
        try_next();
    }

    void try_next() {
        while (next_ != addresses_.size() && !given_up_) {
            const address& to = addresses_[next_++];
            const auto protocol = to.protocol();
            descriptor socket{
                ::socket(protocol.family(), protocol.type() | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol.protocol())};
            if (socket.number() < 0) {
                failure_ = {errno, boost::system::system_category()};
                continue;
            }
            Kind::prepare(socket.number());
            attempt_ = std::make_unique<loop_stream>(loop(), std::move(socket), Kind::peer_name(to), protocol.family());
            return attempt_->async_connect(to.data(), to.size(), {&tried, this, this->shared_from_this()});
        }
        end_soon();
    }

    static void tried(void* self, boost::system::error_code failure, std::size_t) {
        auto& all = *static_cast<loop_connect*>(self);
        if (!failure && !all.given_up_) return all.finish({});
        all.failure_ = failure;
        all.attempt_.reset();
        all.try_next();
    }

    void on_events(std::uint32_t) override {
        if (lookup_) return look_at_names();
        if (kept_) finish(given_up_ ? boost::asio::error::operation_aborted : failure_);
    }

    void finish(boost::system::error_code failure) {
        const auto self = std::exchange(kept_, nullptr);
        const auto done = std::exchange(done_, nullptr);
        loop().end_operation();
        done(failure, std::move(attempt_));
    }

    void abandon() noexcept override {
        if (!done_) return;
        loop().end_operation();
        if (lookup_) lookup_->abandon();
        const auto gone = std::exchange(done_, nullptr);
        const auto self = std::exchange(kept_, nullptr);
    }

    transport::connect_handler done_;
    std::vector<address> addresses_;
    std::size_t next_ = 0;
    boost::system::error_code failure_ = boost::asio::error::host_not_found;
    std::unique_ptr<loop_stream> attempt_;
    std::shared_ptr<name_lookup> lookup_;
    std::shared_ptr<loop_connect> kept_;
    bool given_up_ = false;
};

}  // namespace farcall::detail
