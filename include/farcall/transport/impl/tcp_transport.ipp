#pragma once

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#if defined(__linux__)
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/io_context.hpp>

#include <farcall/transport/loop_connect.hpp>
#include <farcall/transport/loop_listener.hpp>
#endif
#include <farcall/transport/socket_stream.hpp>
#include <farcall/transport/tcp_transport.hpp>

namespace farcall {
namespace detail {

using tcp = boost::asio::ip::tcp;

inline std::string peer_name(const tcp::endpoint& remote) {
    endpoint made;
    made.scheme = "tcp";
    made.host = remote.address().to_string();
    made.port = remote.port();
    return made.url().substr(6);
}

inline std::unique_ptr<byte_stream> tcp_stream(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    boost::system::error_code failure;
    const auto remote = socket.remote_endpoint(failure);
    std::string peer = failure ? "unknown:0" : peer_name(remote);
    return std::make_unique<socket_stream<tcp>>(std::move(socket), std::move(peer));
}

/// One attempt to connect: look up, try the addresses in turn.
class tcp_connect : public std::enable_shared_from_this<tcp_connect> {
public:
    tcp_connect(boost::asio::any_io_executor executor, transport::connect_handler done)
        : resolver_(executor), socket_(executor), done_(std::move(done)) {}

    void start(const endpoint& to) {
        boost::system::error_code not_numeric;
        const auto address = boost::asio::ip::make_address(to.host, not_numeric);
        if (!not_numeric) {
            // A numeric address needs no look-up, and so no thread of the resolver.
            socket_.async_connect({address, to.port}, [self = shared_from_this()](auto failure) {
                self->finish(failure);
            });
            return;
        }
        resolver_.async_resolve(to.host, std::to_string(to.port),
                                [self = shared_from_this()](auto failure, tcp::resolver::results_type found) {
                                    if (self->given_up_) failure = boost::asio::error::operation_aborted;
                                    if (failure) return self->finish(failure);
                                    boost::asio::async_connect(self->socket_, found, [self](auto failed, const auto&) {
                                        self->finish(failed);
                                    });
                                });
    }

    void give_up() {
        given_up_ = true;
        resolver_.cancel();
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

private:
    void finish(boost::system::error_code failure) {
        if (given_up_) failure = boost::asio::error::operation_aborted;
        auto done = std::move(done_);
        if (failure) return done(failure, nullptr);
        done({}, tcp_stream(std::move(socket_)));
    }

    tcp::resolver resolver_;
    tcp::socket socket_;
    transport::connect_handler done_;
    bool given_up_ = false;
};

[[noreturn]] inline void cannot_listen(const endpoint& at, const boost::system::error_code& failure) {
    std::string text = "cannot listen on " + at.url() + ": " + failure.message();
    if (failure == boost::asio::error::address_in_use) text += "; choose another port, or 0 for a free one";
    if (failure == boost::asio::error::access_denied) text += "; choose a port above 1023";
    throw error{status::unavailable, std::move(text)}.with_executed(executed::no);
}

/// A socket that listens.
template <class Executor>
tcp::acceptor listening_at(const endpoint& at, const Executor& executor) {
    tcp::acceptor made(executor);
    boost::system::error_code failure;
    boost::system::error_code not_numeric;
    auto address = boost::asio::ip::make_address(at.host, not_numeric);
    if (not_numeric) {
        tcp::resolver resolver(executor);
        const auto found = resolver.resolve(at.host, std::to_string(at.port), tcp::resolver::passive, failure);
        if (failure) cannot_listen(at, failure);
        address = found.begin()->endpoint().address();
    }
    const tcp::endpoint local{address, at.port};
    made.open(local.protocol(), failure);
    if (!failure) made.set_option(tcp::acceptor::reuse_address{true}, failure);
    if (!failure) made.bind(local, failure);
    // Connections inherit it, from the first one on.
    boost::system::error_code ignored;
    if (!failure) made.set_option(tcp::no_delay{true}, ignored);
    if (!failure) made.listen(boost::asio::socket_base::max_listen_connections, failure);
    if (failure) cannot_listen(at, failure);
    close_on_exec(made);
    return made;
}

/// The address with the port that the system chose.
inline endpoint real_address(const endpoint& at, const tcp::acceptor& listening) {
    endpoint made;
    made.scheme = "tcp";
    made.host = at.host;
    boost::system::error_code ignored;
    made.port = listening.local_endpoint(ignored).port();
    return made;
}

class tcp_listener final : public listener {
public:
    tcp_listener(const endpoint& at, const boost::asio::any_io_executor& executor)
        : acceptor_(listening_at(at, executor)), local_(real_address(at, acceptor_)) {}

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        acceptor_.async_accept(executor, [done = std::move(done)](auto failure, auto accepted) {
            if (failure) return done(failure, nullptr);
            done({}, tcp_stream(tcp::socket{std::move(accepted)}));
        });
    }

    endpoint local() const override { return local_; }

    void close() noexcept override {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }

private:
    tcp::acceptor acceptor_;
    endpoint local_;
};

#if defined(__linux__)
struct tcp_sockets {
    using protocol = tcp;
    static std::string peer_name(const tcp::endpoint& remote) { return detail::peer_name(remote); }
    static void prepare(int socket) {
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
};

inline std::function<void()> connect_by_tcp(event_loop& loop, const endpoint& to, transport::connect_handler done) {
    auto attempt = std::make_shared<loop_connect<tcp_sockets>>(loop, std::move(done));
    boost::system::error_code not_numeric;
    const auto address = boost::asio::ip::make_address(to.host, not_numeric);
    if (not_numeric)
        attempt->start(to.host, std::to_string(to.port));
    else
        attempt->start({tcp::endpoint{address, to.port}});
    return [weak = std::weak_ptr{attempt}] {
        if (const auto alive = weak.lock()) alive->give_up();
    };
}

inline std::unique_ptr<listener> listen_by_tcp(event_loop& loop, const endpoint& at) {
    boost::asio::io_context opening{1};
    auto made = listening_at(at, opening.get_executor());
    const endpoint local = real_address(at, made);
    return std::make_unique<loop_listener<tcp_sockets>>(loop, std::move(made), local);
}
#endif

}  // namespace detail

FARCALL_DECL std::function<void()> tcp_transport::async_connect(const endpoint& to,
                                                                boost::asio::any_io_executor executor,
                                                                connect_handler done) {
#if defined(__linux__)
    if (auto* const loop = detail::event_loop::of(executor)) return detail::connect_by_tcp(*loop, to, std::move(done));
#endif
    auto attempt = std::make_shared<detail::tcp_connect>(std::move(executor), std::move(done));
    attempt->start(to);
    return [weak = std::weak_ptr{attempt}] {
        if (const auto alive = weak.lock()) alive->give_up();
    };
}

FARCALL_DECL std::unique_ptr<listener> tcp_transport::listen(const endpoint& at,
                                                             boost::asio::any_io_executor executor) {
#if defined(__linux__)
    if (auto* const loop = detail::event_loop::of(executor)) return detail::listen_by_tcp(*loop, at);
#endif
    return std::make_unique<detail::tcp_listener>(at, executor);
}

}  // namespace farcall
