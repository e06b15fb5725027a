#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <farcall/transport/memory_transport.hpp>

namespace farcall {
namespace detail {

/// One direction of a connection: bytes that were written and not yet read, and who waits for which end.
struct memory_pipe {
    static constexpr std::size_t capacity = 256u << 10;

    std::mutex mutex;
    std::string bytes;
    bool closed = false;  ///< by either side

    struct waiting {
        boost::asio::any_io_executor executor;
        io_handler done;
        char* into = nullptr;
        const char* from = nullptr;
        std::size_t count = 0;
        std::size_t moved = 0;
        bool pending = false;

        void finish(boost::system::error_code failure) {
            pending = false;
            // Nothing of it may stay: it keeps its owner alive, who owns the stream, which owns this.
            boost::asio::post(std::exchange(executor, {}), [done = std::exchange(done, {}), failure, count = moved] {
                done(failure, count);
            });
        }
    };
    waiting reader;
    waiting writer;

    std::size_t take_in(const char* from, std::size_t count) {
        const std::size_t fits = std::min(count, capacity - bytes.size());
        bytes.append(from, fits);
        return fits;
    }

    /// Moves what can move and ends whoever is served; the mutex is held.
    void advance() {
        if (writer.pending) {
            writer.moved += take_in(writer.from + writer.moved, writer.count - writer.moved);
            if (writer.moved == writer.count) writer.finish({});
        }
        if (reader.pending && !bytes.empty()) {
            reader.moved = std::min(reader.count, bytes.size());
            std::memcpy(reader.into, bytes.data(), reader.moved);
            bytes.erase(0, reader.moved);
            reader.finish({});
            if (writer.pending) advance();
        } else if (reader.pending && closed) {
            reader.moved = 0;
            reader.finish(boost::asio::error::eof);
        }
    }
};

class memory_stream final : public byte_stream {
public:
    memory_stream(boost::asio::any_io_executor executor, std::shared_ptr<memory_pipe> in,
                  std::shared_ptr<memory_pipe> out)
        : executor_(std::move(executor)), in_(std::move(in)), out_(std::move(out)) {}

    ~memory_stream() override { close(); }

    void async_read(char* into, std::size_t room, io_handler done) override {
        const std::lock_guard lock(in_->mutex);
        in_->reader = {executor_, done, into, nullptr, room, 0, true};
        if (closed_) return in_->reader.finish(boost::asio::error::operation_aborted);
        in_->advance();
    }

    std::size_t try_write(const char* from, std::size_t count, boost::system::error_code& failure) override {
        const std::lock_guard lock(out_->mutex);
        failure.clear();
        if (out_->closed) {
            failure = boost::asio::error::broken_pipe;
            return 0;
        }
        const std::size_t taken = out_->take_in(from, count);
        if (taken == 0 && count != 0) failure = boost::asio::error::would_block;
        out_->advance();
        return taken;
    }

    void async_write(const char* from, std::size_t count, io_handler done) override {
        const std::lock_guard lock(out_->mutex);
        out_->writer = {executor_, done, nullptr, from, count, 0, true};
        if (closed_) return out_->writer.finish(boost::asio::error::operation_aborted);
        if (out_->closed) return out_->writer.finish(boost::asio::error::broken_pipe);
        out_->advance();
    }

    void close() noexcept override {
        if (std::exchange(closed_, true)) return;
        {
            const std::lock_guard lock(in_->mutex);
            in_->closed = true;
            if (in_->reader.pending) in_->reader.finish(boost::asio::error::operation_aborted);
            if (in_->writer.pending) in_->writer.finish(boost::asio::error::broken_pipe);
        }
        const std::lock_guard lock(out_->mutex);
        out_->closed = true;
        if (out_->writer.pending) out_->writer.finish(boost::asio::error::operation_aborted);
        out_->advance();
    }

    std::string peer() const override { return "memory:0"; }

private:
    boost::asio::any_io_executor executor_;
    std::shared_ptr<memory_pipe> in_;
    std::shared_ptr<memory_pipe> out_;
    bool closed_ = false;
};

/// Where connecting and listening meet.
struct memory_accept {
    std::mutex mutex;
    bool closed = false;
    boost::asio::any_io_executor listener_executor;
    boost::asio::any_io_executor stream_executor;
    listener::accept_handler accepting;
    struct connecting {
        boost::asio::any_io_executor executor;
        transport::connect_handler done;
        std::shared_ptr<bool> given_up;
    };
    std::deque<connecting> queue;

    static void refuse(connecting who) {
        boost::asio::post(who.executor, [done = std::move(who.done), given_up = who.given_up] {
            done(*given_up ? boost::asio::error::operation_aborted : boost::asio::error::connection_refused, nullptr);
        });
    }

    /// Marries the first that connects with the accept that waits; the mutex is held.
    void advance() {
        if (!accepting || queue.empty()) return;
        connecting who = std::move(queue.front());
        queue.pop_front();
        auto [near, far] = memory_pair(who.executor, stream_executor);
        // std::function wants copyable targets, so the ends travel in shared boxes.
        auto near_box = std::make_shared<std::unique_ptr<byte_stream>>(std::move(near));
        auto far_box = std::make_shared<std::unique_ptr<byte_stream>>(std::move(far));
        boost::asio::post(who.executor, [done = std::move(who.done), given_up = who.given_up, near_box] {
            if (*given_up) return done(boost::asio::error::operation_aborted, nullptr);
            done({}, std::move(*near_box));
        });
        boost::asio::post(listener_executor,
                          [accept = std::exchange(accepting, nullptr), far_box] { accept({}, std::move(*far_box)); });
    }

    /// Ends an attempt that nobody has accepted yet.
    void give_up(const std::shared_ptr<bool>& mark) {
        const std::lock_guard lock(mutex);
        const auto found =
            std::find_if(queue.begin(), queue.end(), [&](const connecting& who) { return who.given_up == mark; });
        if (found == queue.end()) return;
        refuse(std::move(*found));
        queue.erase(found);
    }

    void close() {
        const std::lock_guard lock(mutex);
        if (std::exchange(closed, true)) return;
        for (auto& who : queue) refuse(std::move(who));
        queue.clear();
        if (accepting)
            boost::asio::post(listener_executor, [accept = std::exchange(accepting, nullptr)] {
                accept(boost::asio::error::operation_aborted, nullptr);
            });
    }
};

class memory_listener final : public listener {
public:
    memory_listener(endpoint at, std::shared_ptr<memory_accept> accept)
        : at_(std::move(at)), accept_(std::move(accept)) {}

    ~memory_listener() override { accept_->close(); }

    void async_accept(boost::asio::any_io_executor executor, accept_handler done) override {
        const std::lock_guard lock(accept_->mutex);
        if (accept_->closed) {
            boost::asio::post(accept_->listener_executor, [done = std::move(done)] {
                done(boost::asio::error::operation_aborted, nullptr);
            });
            return;
        }
        accept_->stream_executor = std::move(executor);
        accept_->accepting = std::move(done);
        accept_->advance();
    }

    endpoint local() const override { return at_; }

    void close() noexcept override { accept_->close(); }

private:
    endpoint at_;
    std::shared_ptr<memory_accept> accept_;
};

}  // namespace detail

FARCALL_DECL std::pair<std::unique_ptr<byte_stream>, std::unique_ptr<byte_stream>> memory_pair(
    boost::asio::any_io_executor first, boost::asio::any_io_executor second) {
    auto there = std::make_shared<detail::memory_pipe>();
    auto back = std::make_shared<detail::memory_pipe>();
    return {std::make_unique<detail::memory_stream>(std::move(first), back, there),
            std::make_unique<detail::memory_stream>(std::move(second), there, back)};
}

FARCALL_DECL std::function<void()> memory_transport::async_connect(const endpoint& to,
                                                                   boost::asio::any_io_executor executor,
                                                                   connect_handler done) {
    auto given_up = std::make_shared<bool>(false);
    detail::memory_accept::connecting who{std::move(executor), std::move(done), given_up};
    std::shared_ptr<detail::memory_accept> accept;
    {
        const std::lock_guard lock(registry_->mutex);
        const auto found = registry_->listeners.find(to.host);
        if (found != registry_->listeners.end()) accept = found->second.lock();
    }
    if (accept) {
        const std::lock_guard lock(accept->mutex);
        if (!accept->closed) {
            accept->queue.push_back(std::move(who));
            accept->advance();
            return [given_up, where = std::weak_ptr{accept}] {
                *given_up = true;
                if (const auto alive = where.lock()) alive->give_up(given_up);
            };
        }
    }
    detail::memory_accept::refuse(std::move(who));
    return [given_up] { *given_up = true; };
}

FARCALL_DECL std::unique_ptr<listener> memory_transport::listen(const endpoint& at,
                                                                boost::asio::any_io_executor executor) {
    auto accept = std::make_shared<detail::memory_accept>();
    accept->listener_executor = std::move(executor);
    const std::lock_guard lock(registry_->mutex);
    auto& place = registry_->listeners[at.host];
    if (const auto other = place.lock()) {
        const std::lock_guard inner(other->mutex);
        if (!other->closed)
            throw error{status::unavailable, "cannot listen on " + at.url() + ": the name is in use; choose another"}
                .with_executed(executed::no);
    }
    place = accept;
    return std::make_unique<detail::memory_listener>(at, std::move(accept));
}

FARCALL_DECL std::shared_ptr<memory_transport> memory_transport::shared() {
    static const auto one = std::make_shared<memory_transport>();
    return one;
}

}  // namespace farcall
