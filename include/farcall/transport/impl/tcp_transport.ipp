#pragma once

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <farcall/transport/socket_stream.hpp>
#include <farcall/transport/tcp_transport.hpp>

namespace farcall {
namespace detail {

using tcp = boost::asio::ip::tcp;

inline std::string peer_name(const tcp::socket& socket) {
    boost::system::error_code failure;
    const auto remote = socket.remote_endpoint(failure);
    if (failure) return "unknown:0";
    endpoint made;
    made.scheme = "tcp";
    made.host = remote.address().to_string();
    made.port = remote.port();
    return made.url().substr(6);
}

inline std::unique_ptr<byte_stream> tcp_stream(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    std::string peer = peer_name(socket);
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

class tcp_listener final : public listener {
public:
    tcp_listener(const endpoint& at, const boost::asio::any_io_executor& executor)
        : acceptor_(executor), host_(at.host) {
        boost::system::error_code failure;
        boost::system::error_code not_numeric;
        auto address = boost::asio::ip::make_address(at.host, not_numeric);
        if (not_numeric) {
            tcp::resolver resolver(executor);
            const auto found = resolver.resolve(at.host, std::to_string(at.port), tcp::resolver::passive, failure);
            if (failure) fail(at, failure);
            address = found.begin()->endpoint().address();
        }
        const tcp::endpoint local{address, at.port};
        if (!failure) acceptor_.open(local.protocol(), failure);
        if (!failure) acceptor_.set_option(tcp::acceptor::reuse_address{true}, failure);
        if (!failure) acceptor_.bind(local, failure);
        if (!failure) acceptor_.listen(boost::asio::socket_base::max_listen_connections, failure);
        if (failure) fail(at, failure);
        close_on_exec(acceptor_);
    }

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        acceptor_.async_accept(executor, [done = std::move(done)](auto failure, auto accepted) {
            if (failure) return done(failure, nullptr);
            done({}, tcp_stream(tcp::socket{std::move(accepted)}));
        });
    }

    endpoint local() const override {
        endpoint made;
        made.scheme = "tcp";
        made.host = host_;
        boost::system::error_code ignored;
        made.port = acceptor_.local_endpoint(ignored).port();
        return made;
    }

    void close() noexcept override {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }

private:
    [[noreturn]] static void fail(const endpoint& at, const boost::system::error_code& failure) {
        std::string text = "cannot listen on " + at.url() + ": " + failure.message();
        if (failure == boost::asio::error::address_in_use) text += "; choose another port, or 0 for a free one";
        if (failure == boost::asio::error::access_denied) text += "; choose a port above 1023";
        throw error{status::unavailable, std::move(text)}.with_executed(executed::no);
    }

    tcp::acceptor acceptor_;
    std::string host_;
};

}  // namespace detail

FARCALL_DECL std::function<void()> tcp_transport::async_connect(const endpoint& to,
                                                                boost::asio::any_io_executor executor,
                                                                connect_handler done) {
    auto attempt = std::make_shared<detail::tcp_connect>(std::move(executor), std::move(done));
    attempt->start(to);
    return [weak = std::weak_ptr{attempt}] {
        if (const auto alive = weak.lock()) alive->give_up();
    };
}

FARCALL_DECL std::unique_ptr<listener> tcp_transport::listen(const endpoint& at,
                                                             boost::asio::any_io_executor executor) {
    return std::make_unique<detail::tcp_listener>(at, executor);
}

}  // namespace farcall
