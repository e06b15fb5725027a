#pragma once

#include <utility>

#include <boost/asio/post.hpp>

#include <farcall/server/push_sink.hpp>

namespace farcall::detail {

FARCALL_DECL void push_sink::attach(std::weak_ptr<push_target> connection, boost::asio::any_io_executor executor) {
    connection_ = std::move(connection);
    executor_ = std::move(executor);
    open_.store(true, std::memory_order_release);
}

FARCALL_DECL bool push_sink::send(text_buffer message) {
    if (!open()) return false;
    const auto connection = connection_.lock();
    const std::size_t size = message.size();
    if (!connection || unsent_.load(std::memory_order_relaxed) + posted_.fetch_add(size, std::memory_order_relaxed) > limit_) {
        if (connection) posted_.fetch_sub(size, std::memory_order_relaxed);
        return false;
    }
    boost::asio::post(executor_, [connection, message = std::move(message), self = shared_from_this()] {
        self->posted_.fetch_sub(message.size(), std::memory_order_relaxed);
        connection->push(message.view());
    });
    return true;
}

}  // namespace farcall::detail
