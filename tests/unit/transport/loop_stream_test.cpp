#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/error.hpp>

#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <farcall/detail/descriptor.hpp>
#include <farcall/transport/event_loop.hpp>
#include <farcall/transport/loop_stream.hpp>

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using farcall::detail::descriptor;
using farcall::detail::event_loop;
using farcall::detail::loop_stream;

/// A stream on one end of a pair of sockets; the other end is the test's.
class loop_stream_test : public ::testing::Test {
protected:
    loop_stream_test() {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
        stream = std::make_unique<loop_stream>(*loop, descriptor{ends[0]}, "unix:0", AF_UNIX);
        other = ends[1];
        loop->enter();
    }
    ~loop_stream_test() override {
        if (loop) loop->leave();
        ::close(other);
    }

    /// The same on two ends of a TCP connection.
    void connect_by_tcp() {
        const descriptor listens{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        auto* const where = reinterpret_cast<sockaddr*>(&at);
        ASSERT_EQ(::bind(listens.number(), where, size), 0);
        ASSERT_EQ(::listen(listens.number(), 1), 0);
        ASSERT_EQ(::getsockname(listens.number(), where, &size), 0);
        ::close(other);
        other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ASSERT_EQ(::connect(other, where, size), 0);
        descriptor taken{::accept4(listens.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        stream = std::make_unique<loop_stream>(*loop, std::move(taken), "tcp:0", AF_INET);
    }

    /// Reads until so much is there, or nothing comes any more; only a failing test waits for that.
    std::string read(std::size_t count) {
        std::string all;
        while (all.size() < count) {
            std::optional<error_code> waiting;
            stream->async_wait(into(waiting));
            loop->run_out(5s);
            if (!waiting) {
                ADD_FAILURE() << "nothing tells of the rest";
                stream->close();
                loop->run_out(1h);
                break;
            }
            if (*waiting) break;
            error_code failure;
            all.append(room, stream->try_read(room, sizeof room, failure));
        }
        return all;
    }

    /// What an operation ends with is put there.
    farcall::io_handler into(std::optional<error_code>& end) {
        return {[](void* self, error_code failure, std::size_t) { *static_cast<std::optional<error_code>*>(self) = failure; },
                &end, held};
    }

    std::unique_ptr<event_loop> loop = std::make_unique<event_loop>();
    std::unique_ptr<loop_stream> stream;
    int other = -1;
    std::shared_ptr<int> held = std::make_shared<int>(1);
    char room[16];
};

TEST_F(loop_stream_test, ends_what_is_under_way_when_it_is_destroyed_but_not_in_there) {
    std::optional<error_code> reading, writing;
    const std::string large(8u << 20, 'x');
    stream->async_read(room, sizeof room, into(reading));
    stream->async_write(large.data(), large.size(), into(writing));
    loop->turn();
    EXPECT_FALSE(writing);
    stream.reset();
    EXPECT_FALSE(reading);
    loop->run_out(1h);
    EXPECT_EQ(reading, boost::asio::error::operation_aborted);
    EXPECT_EQ(writing, boost::asio::error::operation_aborted);
    EXPECT_EQ(held.use_count(), 1);
}

TEST_F(loop_stream_test, may_be_closed_after_its_loop_has_ended) {
    std::optional<error_code> reading;
    stream->async_read(room, sizeof room, into(reading));
    loop->leave();
    loop.reset();
    EXPECT_EQ(held.use_count(), 1) << "nobody will be told";
    stream->close();
    stream.reset();
    EXPECT_FALSE(reading);
    EXPECT_EQ(::recv(other, room, sizeof room, 0), 0);
}

TEST_F(loop_stream_test, lets_whoever_hears_of_a_write_destroy_it_while_it_reads) {
    std::optional<error_code> reading;
    struct destroyer {
        std::unique_ptr<loop_stream>& stream;
        int times = 0;
    } destroys{stream};
    stream->async_read(room, sizeof room, into(reading));
    stream->async_write("x", 1, {[](void* self, error_code, std::size_t count) {
                                     EXPECT_EQ(count, 1u);
                                     ++static_cast<destroyer*>(self)->times;
                                     static_cast<destroyer*>(self)->stream.reset();
                                 },
                                 &destroys});
    EXPECT_EQ(::send(other, "y", 1, 0), 1);
    loop->run_out(1h);
    EXPECT_EQ(destroys.times, 1);
    EXPECT_EQ(reading, boost::asio::error::operation_aborted);
}

TEST_F(loop_stream_test, reads_to_the_end_though_it_came_with_the_last_bytes) {
    std::optional<error_code> waiting;
    ASSERT_TRUE(stream->async_wait(into(waiting)));
    ::send(other, "last", 4, 0);
    ::shutdown(other, SHUT_WR);
    loop->run_out(1h);
    ASSERT_TRUE(waiting);
    error_code failure;
    EXPECT_EQ(stream->try_read(room, sizeof room, failure), 4u);
    waiting.reset();
    ASSERT_TRUE(stream->async_wait(into(waiting)));
    loop->run_out(1h);
    ASSERT_TRUE(waiting) << "no change will tell of the end any more";
    EXPECT_EQ(stream->try_read(room, sizeof room, failure), 0u);
    EXPECT_EQ(failure, boost::asio::error::eof);
}

TEST_F(loop_stream_test, goes_on_where_the_room_was_too_small_for_what_had_come) {
    std::optional<error_code> waiting;
    ::send(other, "0123456789", 10, 0);
    error_code failure;
    for (std::size_t left = 10; left != 0; left -= 5) {
        waiting.reset();
        stream->async_wait(into(waiting));
        loop->run_out(1h);
        ASSERT_TRUE(waiting);
        EXPECT_EQ(stream->try_read(room, 5, failure), 5u);
    }
}

TEST_F(loop_stream_test, reads_on_behind_what_is_urgent) {
    connect_by_tcp();
    ::send(other, "aaa", 3, 0);
    ::send(other, "X", 1, MSG_OOB);
    ::send(other, "bbb", 3, 0);
    ASSERT_EQ(read(6), "aaabbb");
    ::send(other, "ccc", 3, 0);
    EXPECT_EQ(read(3), "ccc");
}

TEST_F(loop_stream_test, reads_on_behind_descriptors_that_nobody_wants) {
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        cmsghdr aligned;
    } with{};
    char text[] = "aaa";
    iovec where{text, 3};
    msghdr what{};
    what.msg_iov = &where;
    what.msg_iovlen = 1;
    what.msg_control = with.bytes;
    what.msg_controllen = sizeof with.bytes;
    cmsghdr* const head = CMSG_FIRSTHDR(&what);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof other);
    std::memcpy(CMSG_DATA(head), &other, sizeof other);
    ASSERT_EQ(::sendmsg(other, &what, 0), 3);
    ::send(other, "bbb", 3, 0);
    EXPECT_EQ(read(6), "aaabbb");
}

TEST_F(loop_stream_test, sends_several_parts_at_once) {
    // What is sent at once arrives as one record.
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    stream = std::make_unique<loop_stream>(*loop, descriptor{ends[0]}, "unix:0", AF_UNIX);
    ::close(std::exchange(other, ends[1]));
    const std::array<std::string_view, 3> parts{"head", "", "tail"};
    error_code failure;
    EXPECT_EQ(stream->try_write_parts(parts, failure), 8u);
    EXPECT_FALSE(failure);
    EXPECT_EQ(::recv(other, room, sizeof room, 0), 8);
    EXPECT_EQ(std::string_view(room, 8), "headtail");
}

TEST_F(loop_stream_test, sends_of_several_parts_what_there_is_room_for_and_waits_for_more) {
    const std::string large(8u << 20, 'x');
    const std::array<std::string_view, 2> parts{"head", large};
    error_code failure;
    const std::size_t sent = stream->try_write_parts(parts, failure);
    EXPECT_FALSE(failure);
    EXPECT_GT(sent, 4u);
    EXPECT_LT(sent, large.size());
    EXPECT_EQ(stream->try_write_parts(parts, failure), 0u);
    EXPECT_EQ(failure, boost::asio::error::would_block);
    std::optional<error_code> writing;
    stream->async_write("tail", 4, into(writing));
    loop->poll();
    EXPECT_FALSE(writing);
    std::string got;
    std::string part(1u << 20, '\0');
    while (got.size() < sent + 4) {
        const auto count = ::recv(other, part.data(), part.size(), 0);
        if (count > 0)
            got.append(part, 0, static_cast<std::size_t>(count));
        else
            loop->turn();
    }
    EXPECT_EQ(writing, error_code{});
    EXPECT_EQ(got, "head" + large.substr(0, sent - 4) + "tail");
}

TEST_F(loop_stream_test, may_be_destroyed_by_any_thread_once_it_is_closed_and_nothing_is_under_way) {
    // That there is no race is for ThreadSanitizer to say.
    const auto make = [&](int& far) {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
        far = ends[1];
        return std::make_unique<loop_stream>(*loop, descriptor{ends[0]}, "unix:0", AF_UNIX);
    };
    std::thread last;
    for (int i = 0; i < 200; ++i) {
        int far_a = -1, far_b = -1;
        auto closed_while_it_read = make(far_a);
        std::optional<error_code> reading;
        closed_while_it_read->async_read(room, sizeof room, into(reading));
        closed_while_it_read->close();
        auto closed_at_rest = make(far_b);
        ::send(far_b, "x", 1, 0);
        std::optional<error_code> waiting;
        closed_at_rest->async_wait(into(waiting));
        while (!reading || !waiting) loop->turn();
        closed_at_rest->close();
        if (last.joinable()) last.join();
        last = std::thread([a = std::move(closed_while_it_read), b = std::move(closed_at_rest)]() mutable {
            a.reset();
            b.reset();
        });
        // Meanwhile others come and go.
        std::optional<error_code> ignored;
        stream->async_read(room, sizeof room, into(ignored));
        stream->close();
        while (!ignored) loop->turn();
        int far_c = -1;
        stream = make(far_c);
        ::close(far_a);
        ::close(far_b);
        ::close(std::exchange(other, far_c));
    }
    last.join();
}

}  // namespace
