#pragma once

#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#if defined(__linux__)
#include <boost/asio/io_context.hpp>

#include <farcall/transport/loop_connect.hpp>
#include <farcall/transport/loop_listener.hpp>
#endif
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

[[noreturn]] inline void cannot_listen_locally(const endpoint& at, const std::string& reason) {
    throw error{status::unavailable, "cannot listen on " + at.url() + ": " + reason}.with_executed(executed::no);
}

/// The file of a socket that listens; removes it when it is told to, or at its end.
class socket_file {
public:
    explicit socket_file(std::string path) : path_(std::move(path)) {
        struct stat file {};
        if (::stat(path_.c_str(), &file) == 0) inode_ = file.st_ino;
    }
    socket_file(socket_file&& other) noexcept : path_(std::move(other.path_)), inode_(std::exchange(other.inode_, 0)) {}
    ~socket_file() { remove(); }

    void remove() noexcept {
        // Another server may have taken the path over since; its file is not ours to remove.
        const ::ino_t ours = std::exchange(inode_, 0);
        struct stat file {};
        if (ours != 0 && ::stat(path_.c_str(), &file) == 0 && file.st_ino == ours) ::unlink(path_.c_str());
    }

private:
    std::string path_;
    ::ino_t inode_ = 0;
};

template <class Executor>
void remove_stale(const endpoint& at, const local_protocol::endpoint& local, const Executor& executor) {
    struct stat file {};
    if (::stat(at.path.c_str(), &file) != 0) return;
    if (!S_ISSOCK(file.st_mode)) cannot_listen_locally(at, "the file exists and is no socket; choose another path");
    boost::system::error_code failure;
    local_protocol::socket probe(executor);
    probe.connect(local, failure);
    if (!failure) cannot_listen_locally(at, "another process listens there; stop it or choose another path");
    if (failure == boost::asio::error::connection_refused) ::unlink(at.path.c_str());
}

/// A socket that listens.
template <class Executor>
local_protocol::acceptor listening_locally(const endpoint& at, const Executor& executor) {
    local_protocol::endpoint local;
    if (!make_local_endpoint(at.path, local)) cannot_listen_locally(at, "the path is too long for a Unix socket; shorten it");
    remove_stale(at, local, executor);
    local_protocol::acceptor made(executor);
    boost::system::error_code failure;
    made.open(local.protocol(), failure);
    if (!failure) made.bind(local, failure);
    if (!failure) made.listen(boost::asio::socket_base::max_listen_connections, failure);
    if (failure) cannot_listen_locally(at, failure.message() + "; choose a path in a folder that you may write to");
    close_on_exec(made);
    return made;
}

class unix_listener final : public listener {
public:
    unix_listener(const endpoint& at, const boost::asio::any_io_executor& executor)
        : acceptor_(listening_locally(at, executor)), at_(at), file_(at.path) {}

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        acceptor_.async_accept(executor, [done = std::move(done)](auto failure, auto accepted) {
            if (failure) return done(failure, nullptr);
            local_protocol::socket socket{std::move(accepted)};
            done({}, std::make_unique<socket_stream<local_protocol>>(std::move(socket), "unix:0"));
        });
    }

    endpoint local() const override { return at_; }

    void close() noexcept override {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        file_.remove();
    }

private:
    local_protocol::acceptor acceptor_;
    endpoint at_;
    socket_file file_;
};

#if defined(__linux__)
struct local_sockets {
    using protocol = local_protocol;
    static std::string peer_name(const local_protocol::endpoint&) { return "unix:0"; }
    static void prepare(int) {}
};

inline std::function<void()> connect_locally(event_loop& loop, const endpoint& to, transport::connect_handler done) {
    auto attempt = std::make_shared<loop_connect<local_sockets>>(loop, std::move(done));
    local_protocol::endpoint remote;
    if (make_local_endpoint(to.path, remote))
        attempt->start({remote});
    else
        attempt->fail(boost::asio::error::name_too_long);
    return [weak = std::weak_ptr{attempt}] {
        if (const auto alive = weak.lock()) alive->give_up();
    };
}

inline std::unique_ptr<listener> listen_locally(event_loop& loop, const endpoint& at) {
    boost::asio::io_context opening{1};
    auto made = listening_locally(at, opening.get_executor());
    auto file = std::make_shared<socket_file>(at.path);
    return std::make_unique<loop_listener<local_sockets>>(loop, std::move(made), at, [file] { file->remove(); });
}
#endif

}  // namespace detail

FARCALL_DECL std::function<void()> unix_transport::async_connect(const endpoint& to,
                                                                 boost::asio::any_io_executor executor,
                                                                 connect_handler done) {
#if defined(__linux__)
    if (auto* const loop = detail::event_loop::of(executor)) return detail::connect_locally(*loop, to, std::move(done));
#endif
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
#if defined(__linux__)
    if (auto* const loop = detail::event_loop::of(executor)) return detail::listen_locally(*loop, at);
#endif
    return std::make_unique<detail::unix_listener>(at, executor);
}

}  // namespace farcall
