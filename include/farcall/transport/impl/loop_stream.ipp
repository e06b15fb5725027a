#pragma once

#include <array>
#include <cerrno>
#include <utility>

#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <boost/asio/error.hpp>

#include <farcall/transport/loop_stream.hpp>

namespace farcall::detail {

FARCALL_DECL loop_stream::~loop_stream() {
    close();
    // Nobody is left to tell them; what they hold must not be destroyed in here.
    for (io_handler* const each : {&reader_, &writer_}) {
        if (each->function == nullptr) continue;
        loop().end_operation();
        loop().post([done = std::exchange(*each, {})] { done(boost::asio::error::operation_aborted, 0); });
    }
}

FARCALL_DECL void loop_stream::abandon() noexcept {
    for (io_handler* const each : {&reader_, &writer_})
        if (each->function != nullptr) loop().end_operation();
    // Whoever has this object longer than there is a loop may still close it.
    events_ = 0;
    // It may go with them.
    const auto reader = std::exchange(reader_, {});
    const auto writer = std::exchange(writer_, {});
}

/// From now on, for these too.
FARCALL_DECL void loop_stream::listen_for(std::uint32_t events) noexcept {
    if (socket_ < 0 || (events_ & events) == events) return;
    constexpr std::uint32_t always = EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLET;
    const std::uint32_t wanted = events_ | events | always;
    const auto failure =
        events_ != 0 ? loop().rewatch(socket_, wanted, *this) : loop().watch(socket_, wanted, *this);
    if (failure)
        failure_ = failure;
    else
        events_ = wanted;
}

/// Whoever destroys it then need not be the loop's thread.
inline void loop_stream::leave_if_over() noexcept {
    if (socket_ < 0 && reader_.function == nullptr && writer_.function == nullptr) leave_loop();
}

/// What must not end in the call that starts it gets a turn for that if it may go on already.
inline void loop_stream::begin(io_handler& slot, io_handler done) noexcept {
    slot = std::move(done);
    loop().begin_operation();
    if (socket_ < 0 || failure_ || (&slot == &reader_ ? readable_ : writable_)) {
        loop().join(*this);
        loop().wish(*this);
    }
}

FARCALL_DECL void loop_stream::end(io_handler& slot, boost::system::error_code failure, std::size_t count) {
    loop().end_operation();
    const auto done = std::exchange(slot, {});
    leave_if_over();
    done(failure, count);  // this object may be gone afterwards
}

FARCALL_DECL void loop_stream::async_connect(const sockaddr* to, std::size_t size, io_handler done) {
    if (::connect(socket_, to, static_cast<socklen_t>(size)) == 0) {
        connecting_ = false;
    } else if (errno == EINPROGRESS) {
        connecting_ = true;
        writable_ = false;
        listen_for(EPOLLOUT);
    } else {
        failure_ = {errno, boost::system::system_category()};
    }
    count_ = sent_ = 0;
    begin(writer_, std::move(done));
}

FARCALL_DECL bool loop_stream::async_wait(io_handler done) {
    async_read(nullptr, 0, std::move(done));
    return true;
}

FARCALL_DECL void loop_stream::async_read(char* into, std::size_t room, io_handler done) {
    into_ = into;
    room_ = room;
    listen_for(EPOLLIN);
    begin(reader_, std::move(done));
}

FARCALL_DECL void loop_stream::async_write(const char* from, std::size_t count, io_handler done) {
    from_ = from;
    count_ = count;
    sent_ = 0;
    if (!writable_) listen_for(EPOLLOUT);
    begin(writer_, std::move(done));
}

FARCALL_DECL std::size_t loop_stream::try_read(char* into, std::size_t room, boost::system::error_code& failure) {
    failure.clear();
    for (;;) {
        bool all = !ended_ && !parted_;
        const auto got = receive(into, room, all);
        if (got > 0) {
            const auto count = static_cast<std::size_t>(got);
            // Less than there was room for is all that there was: of more the loop will tell.
            if (count < room && all) readable_ = false;
            return count;
        }
        if (got == 0) {
            failure = boost::asio::error::eof;
            return 0;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) readable_ = false;
        failure = {errno, boost::system::system_category()};
        return 0;
    }
}

/// @param all  becomes false if there may be more than was read, though there was room
inline long loop_stream::receive(char* into, std::size_t room, bool& all) noexcept {
    if (!local_) return ::recv(socket_, into, room, 0);
    // A read of a Unix socket ends behind bytes with which descriptors came. Nobody wants them, but they show.
    iovec where{into, room};
    msghdr what{};
    what.msg_iov = &where;
    what.msg_iovlen = 1;
    const auto got = ::recvmsg(socket_, &what, 0);
    if ((what.msg_flags & MSG_CTRUNC) != 0) all = false;
    return got;
}

/// @param count  bytes that there are
/// @param by     `by()` hands them to the system
template <class Send>
std::size_t loop_stream::send(std::size_t count, boost::system::error_code& failure, Send by) {
    failure.clear();
    for (;;) {
        const auto put = by();
        if (put >= 0) {
            if (static_cast<std::size_t>(put) < count) writable_ = false;
            return static_cast<std::size_t>(put);
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) writable_ = false;
        failure = {errno, boost::system::system_category()};
        return 0;
    }
}

FARCALL_DECL std::size_t loop_stream::try_write(const char* from, std::size_t count, boost::system::error_code& failure) {
    return send(count, failure, [&] { return ::send(socket_, from, count, MSG_NOSIGNAL); });
}

FARCALL_DECL std::size_t loop_stream::try_write_parts(std::span<const std::string_view> parts,
                                                      boost::system::error_code& failure) {
    std::array<iovec, 4> places;
    if (parts.size() > places.size()) return byte_stream::try_write_parts(parts, failure);
    std::size_t count = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        places[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
        count += parts[i].size();
    }
    msghdr message{};
    message.msg_iov = places.data();
    message.msg_iovlen = parts.size();
    return send(count, failure, [&] { return ::sendmsg(socket_, &message, MSG_NOSIGNAL); });
}

FARCALL_DECL void loop_stream::on_events(std::uint32_t events) {
    constexpr std::uint32_t end_of_all = EPOLLHUP | EPOLLERR;
    if ((events & (EPOLLIN | EPOLLPRI | EPOLLRDHUP | end_of_all)) != 0) readable_ = true;
    if ((events & EPOLLPRI) != 0) parted_ = true;  // a read ends before a byte that is urgent
    if ((events & (EPOLLRDHUP | end_of_all)) != 0) ended_ = true;
    if ((events & (EPOLLOUT | end_of_all)) != 0) writable_ = true;
    boost::system::error_code failure;
    if (writer_.function != nullptr && written(failure)) {
        // The other one later: whoever hears of this may destroy the stream.
        if (reader_.function != nullptr) loop().wish(*this);
        return end(writer_, failure, sent_);
    }
    std::size_t count = 0;
    if (reader_.function != nullptr && received(failure, count)) end(reader_, failure, count);
}

/// Goes on with the write that is under way.
/// @returns whether it has ended
FARCALL_DECL bool loop_stream::written(boost::system::error_code& failure) {
    failure = socket_ < 0 ? boost::asio::error::operation_aborted : failure_;
    if (failure) return true;
    if (connecting_) {
        if (!writable_) return false;
        connecting_ = false;
        // Only a socket that failed has hung up already.
        if (ended_) {
            int why = 0;
            socklen_t size = sizeof why;
            ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &why, &size);
            if (why != 0) {
                failure = {why, boost::system::system_category()};
                return true;
            }
        }
    }
    while (sent_ != count_) {
        if (!writable_) {
            listen_for(EPOLLOUT);
            failure = failure_;
            return static_cast<bool>(failure);
        }
        sent_ += try_write(from_ + sent_, count_ - sent_, failure);
        if (failure && writable_) return true;
        failure.clear();
    }
    return true;
}

/// Goes on with the read that is under way.
/// @returns whether it has ended
FARCALL_DECL bool loop_stream::received(boost::system::error_code& failure, std::size_t& count) {
    failure = socket_ < 0 ? boost::asio::error::operation_aborted : failure_;
    if (failure) return true;
    if (!readable_) return false;
    if (into_ == nullptr) return true;
    count = try_read(into_, room_, failure);
    return !failure || readable_;
}

FARCALL_DECL bool loop_stream::end_sending() noexcept {
    // A socket that is closed with bytes unread, or gets some later, resets the connection: what the peer's system has
    // not taken is lost then. Linux counts that for us.
    int untaken = 0;
    if (::ioctl(socket_, TIOCOUTQ, &untaken) != 0 || untaken == 0) return false;
    return ::shutdown(socket_, SHUT_WR) == 0;
}

FARCALL_DECL void loop_stream::close() noexcept {
    if (socket_ < 0) return;
    if (events_ != 0) loop().unwatch(socket_, *this);
    // Another process may have it too, after a fork; to close it would not be enough.
    ::shutdown(socket_, SHUT_RDWR);
    ::close(std::exchange(socket_, -1));
    if (reader_.function == nullptr && writer_.function == nullptr) return leave_loop();
    loop().join(*this);
    loop().wish(*this);
}

}  // namespace farcall::detail
