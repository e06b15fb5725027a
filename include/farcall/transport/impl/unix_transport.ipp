#pragma once

#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include <farcall/transport/socket_stream.hpp>
#include <farcall/transport/unix_transport.hpp>

namespace farcall {
namespace detail {

using local_protocol = boost::asio::local::stream_protocol;

/// Whether `path` fits into a socket address; its room is about 108 bytes.
inline bool make_local_endpoint(const std::string& path, local_protocol::endpoint& made) {
    try {
        made.path(path);
        return true;
    } catch (const boost::system::system_error&) {
        return false;
    }
}

class unix_listener final : public listener {
public:
    unix_listener(const endpoint& at, const boost::asio::any_io_executor& executor) : acceptor_(executor), at_(at) {
        local_protocol::endpoint local;
        if (!make_local_endpoint(at.path, local)) fail("the path is too long for a Unix socket; shorten it");
        remove_stale(local);
        boost::system::error_code failure;
        acceptor_.open(local.protocol(), failure);
        if (!failure) acceptor_.bind(local, failure);
        if (!failure) acceptor_.listen(boost::asio::socket_base::max_listen_connections, failure);
        if (failure) fail(failure.message() + "; choose a path in a folder that you may write to");
        close_on_exec(acceptor_);
        struct stat file {};
        if (::stat(at.path.c_str(), &file) == 0) inode_ = file.st_ino;
    }

    ~unix_listener() override { close(); }

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        acceptor_.async_accept(executor, [done = std::move(done)](auto failure, auto accepted) {
            if (failure) return done(failure, nullptr);
            local_protocol::socket socket{std::move(accepted)};
            done({}, std::make_unique<socket_stream<local_protocol>>(std::move(socket), "unix:0"));
        });
    }

    endpoint local() const override { return at_; }

    void close() noexcept override {
        if (!acceptor_.is_open()) return;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        // Another server may have taken the path over since; its file is not ours to remove.
        struct stat file {};
        if (::stat(at_.path.c_str(), &file) == 0 && file.st_ino == inode_) ::unlink(at_.path.c_str());
    }

private:
    void remove_stale(const local_protocol::endpoint& local) {
        struct stat file {};
        if (::stat(at_.path.c_str(), &file) != 0) return;
        if (!S_ISSOCK(file.st_mode)) fail("the file exists and is no socket; choose another path");
        boost::system::error_code failure;
        local_protocol::socket probe(acceptor_.get_executor());
        probe.connect(local, failure);
        if (!failure) fail("another process listens there; stop it or choose another path");
        if (failure == boost::asio::error::connection_refused) ::unlink(at_.path.c_str());
    }

    [[noreturn]] void fail(const std::string& reason) const {
        throw error{status::unavailable, "cannot listen on " + at_.url() + ": " + reason}.with_executed(executed::no);
    }

    boost::asio::basic_socket_acceptor<local_protocol> acceptor_;
    endpoint at_;
    ::ino_t inode_ = 0;
};

}  // namespace detail

FARCALL_DECL std::function<void()> unix_transport::async_connect(const endpoint& to,
                                                                 boost::asio::any_io_executor executor,
                                                                 connect_handler done) {
    auto socket = std::make_shared<detail::local_protocol::socket>(executor);
    auto given_up = std::make_shared<bool>(false);
    auto finish = [socket, given_up, done = std::move(done)](boost::system::error_code failure) {
        if (*given_up) failure = boost::asio::error::operation_aborted;
        if (failure) return done(failure, nullptr);
        done({}, std::make_unique<detail::socket_stream<detail::local_protocol>>(std::move(*socket), "unix:0"));
    };
    detail::local_protocol::endpoint remote;
    if (detail::make_local_endpoint(to.path, remote)) {
        socket->async_connect(remote, std::move(finish));
    } else {
        boost::asio::post(executor, [finish = std::move(finish)] { finish(boost::asio::error::name_too_long); });
    }
    return [socket, given_up] {
        *given_up = true;
        boost::system::error_code ignored;
        socket->close(ignored);
    };
}

FARCALL_DECL std::unique_ptr<listener> unix_transport::listen(const endpoint& at,
                                                              boost::asio::any_io_executor executor) {
    return std::make_unique<detail::unix_listener>(at, executor);
}

}  // namespace farcall
