#pragma once

#include <utility>

#include <boost/asio/post.hpp>

#include <farcall/server/push_sink.hpp>

namespace farcall::detail {

FARCALL_DECL void push_sink::attach(std::weak_ptr<push_target> connection, boost::asio::any_io_executor executor) {
    const std::lock_guard lock(mutex_);
    connection_ = std::move(connection);
    executor_ = std::move(executor);
    open_.store(true, std::memory_order_release);
}

FARCALL_DECL bool push_sink::send(text_buffer message) {
    const std::size_t size = message.size();
    const std::lock_guard lock(mutex_);
    if (!open()) return false;
    if (unsent_.load(std::memory_order_relaxed) + posted_.load(std::memory_order_relaxed) > limit_) return false;
    posted_.fetch_add(size, std::memory_order_relaxed);
    // The connection is held on its own executor only, so that it never ends on this thread.
    boost::asio::post(executor_, [self = shared_from_this(), message = std::move(message)] {
        self->posted_.fetch_sub(message.size(), std::memory_order_relaxed);
        if (const auto connection = self->connection_.lock()) connection->push(message.view());
    });
    return true;
}

}  // namespace farcall::detail
