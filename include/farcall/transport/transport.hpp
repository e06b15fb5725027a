#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_code.hpp>

#include <farcall/endpoint.hpp>

namespace farcall {

/// What an I/O operation calls when it has ended: a function and the object it belongs to.
///
/// Called on the stream's executor, never from inside the function that started the operation.
struct io_handler {
    /// Gets `self`, how it ended, and how many bytes were moved.
    void (*function)(void* self, boost::system::error_code failure, std::size_t bytes) = nullptr;
    void* self = nullptr;  ///< the object it belongs to
    std::shared_ptr<void> keep_alive{};  ///< holds `self` as long as the operation is under way

    /// Calls it.
    void operator()(boost::system::error_code failure, std::size_t bytes) const { function(self, failure, bytes); }
};

/// One connection's bytes in both directions, in order, without loss.
///
/// @par Thread safety  Unsafe: everything happens on the executor that the stream was made with.
class byte_stream {
public:
    virtual ~byte_stream() = default;

    /// Reads at least one byte, at most `room`. Ends with `asio::error::eof` when the peer has closed its side.
    /// One read at a time; `into` must stay valid until it has ended.
    virtual void async_read(char* into, std::size_t room, io_handler done) = 0;

    /// @{ For streams that can wait without room for what will come, so that an idle connection costs no memory for it;
    /// others leave these as they are.
    ///
    /// Waits until there is something to read, the end included. One wait or read at a time.
    /// @returns false, and nothing is done, if the stream cannot
    virtual bool async_wait(io_handler done) {
        static_cast<void>(done);
        return false;
    }
    /// Reads what has arrived, without waiting: the number of bytes, 0 with `would_block` set when there is nothing now,
    /// with `asio::error::eof` when the peer has closed its side. Only of a stream that can wait.
    virtual std::size_t try_read(char* into, std::size_t room, boost::system::error_code& failure) {
        static_cast<void>(into);
        static_cast<void>(room);
        failure = boost::system::errc::make_error_code(boost::system::errc::operation_would_block);
        return 0;
    }
    /// @}

    /// Writes what goes out at once, without waiting: the number of bytes, 0 with `would_block` set when there is no
    /// room now. Any other error means that the connection is lost.
    virtual std::size_t try_write(const char* from, std::size_t count, boost::system::error_code& failure) = 0;

    /// The same of several parts, one behind the other. For streams that can do so at once; others leave it as it is.
    virtual std::size_t try_write_parts(std::span<const std::string_view> parts, boost::system::error_code& failure) {
        std::size_t all = 0;
        for (const std::string_view part : parts) {
            if (part.empty()) continue;
            const std::size_t sent = try_write(part.data(), part.size(), failure);
            // What went out before did so without an error; the next write meets it again.
            if (failure && all != 0) failure = {};
            all += sent;
            if (sent != part.size()) break;
        }
        return all;
    }

    /// Writes all `count` bytes. One write at a time; `from` must stay valid until it has ended.
    virtual void async_write(const char* from, std::size_t count, io_handler done) = 0;

    /// Tells the peer that nothing more comes, if closing now could destroy what it has not received yet: then its own
    /// end must be awaited first.
    /// @returns false, and nothing is done, if closing destroys nothing
    virtual bool end_sending() noexcept { return false; }

    /// Ends the connection at once. What is under way ends with `operation_aborted`. Repeating it does nothing.
    virtual void close() noexcept = 0;

    /// Who is at the other end, for logs and limits, such as "127.0.0.1:40312"; the part before the last colon is
    /// what counts as one peer.
    virtual std::string peer() const = 0;
};

/// Takes connections in.
class listener {
public:
    /// Gets how it ended and, without an error, the new connection.
    using accept_handler = std::function<void(boost::system::error_code, std::unique_ptr<byte_stream>)>;

    virtual ~listener() = default;

    /// Waits for one connection, whose operations will run on `executor`; `done` is called on the listener's own.
    virtual void async_accept(boost::asio::any_io_executor executor, accept_handler done) = 0;

    /// Where it listens really: with the port that the system chose.
    virtual endpoint local() const = 0;

    /// Stops listening; a pending accept ends with `operation_aborted`.
    virtual void close() noexcept = 0;
};

/// Something that moves bytes between a client and a server.
///
/// To write your own:
/// 1. derive from `byte_stream`, `listener` and `transport` as their functions say;
/// 2. never complete an operation from inside the call that starts it;
/// 3. after `close()` end every pending operation with `operation_aborted`, on the executor;
/// 4. run the suite of tests/unit/transport/transport_suite.hpp on it.
/// Then hand it over in `client_options::transport` and `server_options::transport`.
/// @par Thread safety  `connect` and `listen` may be called from several threads.
class transport {
public:
    /// Gets how it ended and, without an error, the connection.
    using connect_handler = std::function<void(boost::system::error_code, std::unique_ptr<byte_stream>)>;

    virtual ~transport() = default;

    /// Connects to `to`; the stream and `done` run on `executor`.
    /// @returns a function that gives the attempt up: `done` is then called with `operation_aborted`
    virtual std::function<void()> async_connect(const endpoint& to, boost::asio::any_io_executor executor,
                                                connect_handler done) = 0;

    /// Begins to listen. Throws `farcall::error` with the reason and a remedy if that is not possible.
    virtual std::unique_ptr<listener> listen(const endpoint& at, boost::asio::any_io_executor executor) = 0;
};

}  // namespace farcall
