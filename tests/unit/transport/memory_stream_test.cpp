#include <farcall/transport/memory_transport.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace {

using farcall::io_handler;

/// What a connection is to its stream: it owns it, and every operation under way keeps it alive.
struct stream_owner {
    std::unique_ptr<farcall::byte_stream> stream;
    int ended = 0;

    static io_handler handler(const std::shared_ptr<stream_owner>& self) {
        return {[](void* owner, boost::system::error_code, std::size_t) { ++static_cast<stream_owner*>(owner)->ended; },
                self.get(), self};
    }
};

TEST(memory_stream, lets_go_of_the_owner_of_an_operation_that_has_ended) {
    boost::asio::io_context loop;
    auto [near, far] = farcall::memory_pair(loop.get_executor(), loop.get_executor());
    auto owner = std::make_shared<stream_owner>();
    owner->stream = std::move(near);
    const std::weak_ptr<stream_owner> watched = owner;

    char room[8];
    owner->stream->async_read(room, sizeof room, stream_owner::handler(owner));
    owner->stream->async_write("hello", 5, stream_owner::handler(owner));
    boost::system::error_code failure;
    far->try_write("x", 1, failure);
    loop.run();
    EXPECT_EQ(owner->ended, 2);

    owner.reset();
    EXPECT_TRUE(watched.expired());
}

TEST(memory_stream, lets_go_of_the_owner_of_an_operation_that_was_cut_off) {
    boost::asio::io_context loop;
    auto [near, far] = farcall::memory_pair(loop.get_executor(), loop.get_executor());
    auto owner = std::make_shared<stream_owner>();
    owner->stream = std::move(near);
    const std::weak_ptr<stream_owner> watched = owner;

    char room[8];
    owner->stream->async_read(room, sizeof room, stream_owner::handler(owner));
    owner->stream->close();
    loop.run();
    EXPECT_EQ(owner->ended, 1);

    owner.reset();
    EXPECT_TRUE(watched.expired());
}

}  // namespace
