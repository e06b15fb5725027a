#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <sys/socket.h>

#include <farcall/detail/descriptor.hpp>
#include <farcall/transport/event_loop.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall::detail {

/// A socket as a `byte_stream` on an event loop of our own; TCP and Unix sockets alike.
///
/// The loop gets to know the socket when something is waited for the first time: until then it may be on its way from
/// another thread. From then on it is known here whether there may be something to read, and nothing is read in vain.
/// Once it is closed and nothing is under way any more, the loop does not know it: any thread may destroy it then.
class loop_stream final : public byte_stream, private event_loop::watcher {
public:
    /// @param loop    outlives this, except that its end may destroy it
    /// @param socket  a stream socket that does not block
    /// @param family  of the socket, such as AF_UNIX
    loop_stream(event_loop& loop, descriptor socket, std::string peer, int family)
        : event_loop::watcher(loop), socket_(socket.release()), peer_(std::move(peer)), local_(family == AF_UNIX) {}
    FARCALL_DECL ~loop_stream() override;

    /// Connects the socket, which is new. Once, and first.
    /// @param done  as for a write of nothing
    FARCALL_DECL void async_connect(const sockaddr* to, std::size_t size, io_handler done);

    FARCALL_DECL void async_read(char* into, std::size_t room, io_handler done) override;
    FARCALL_DECL bool async_wait(io_handler done) override;
    FARCALL_DECL std::size_t try_read(char* into, std::size_t room, boost::system::error_code& failure) override;
    FARCALL_DECL std::size_t try_write(const char* from, std::size_t count, boost::system::error_code& failure) override;
    FARCALL_DECL std::size_t try_write_parts(std::span<const std::string_view> parts,
                                             boost::system::error_code& failure) override;
    FARCALL_DECL void async_write(const char* from, std::size_t count, io_handler done) override;
    FARCALL_DECL bool end_sending() noexcept override;
    FARCALL_DECL void close() noexcept override;
    std::string peer() const override { return peer_; }

private:
    FARCALL_DECL void on_events(std::uint32_t events) override;
    FARCALL_DECL void abandon() noexcept override;
    FARCALL_DECL void listen_for(std::uint32_t events) noexcept;
    void begin(io_handler& slot, io_handler done) noexcept;
    FARCALL_DECL void end(io_handler& slot, boost::system::error_code failure, std::size_t count);
    void leave_if_over() noexcept;
    long receive(char* into, std::size_t room, bool& all) noexcept;
    template <class Send>
    std::size_t send(std::size_t count, boost::system::error_code& failure, Send by);
    FARCALL_DECL bool written(boost::system::error_code& failure);
    FARCALL_DECL bool received(boost::system::error_code& failure, std::size_t& count);

    int socket_;                ///< negative once it is closed
    std::uint32_t events_ = 0;  ///< that the loop listens for
    io_handler reader_;         ///< of what reads or waits; its function is null if nothing does
    io_handler writer_;
    char* into_ = nullptr;  ///< null: waits only
    std::size_t room_ = 0;
    const char* from_ = nullptr;
    std::size_t count_ = 0;  ///< of the write that is under way
    std::size_t sent_ = 0;
    boost::system::error_code failure_;  ///< why it cannot be waited for anything, or not be connected
    std::string peer_;
    const bool local_;        ///< a Unix socket
    bool readable_ = false;   ///< there may be something to read
    bool ended_ = false;      ///< the end, or a failure, comes behind what there is to read
    bool parted_ = false;     ///< a read may end before all that there is, however much room it has
    bool writable_ = true;    ///< there may be room
    bool connecting_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/loop_stream.ipp>
#endif
