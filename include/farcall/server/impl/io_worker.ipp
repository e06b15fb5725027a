#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <farcall/server/io_worker.hpp>
#include <farcall/server/server_connection.hpp>
#include <farcall/transport/asio_memory.hpp>
#include <farcall/transport/thread_loop.hpp>

namespace farcall::detail {

struct io_worker::loop {
    thread_loop events;
};

FARCALL_DECL io_worker::io_worker(std::shared_ptr<server_shared> shared) : shared_(std::move(shared)) {
    if (shared_->options.executor) {
        executor_ = *shared_->options.executor;
    } else {
        loop_ = std::make_unique<loop>();
        executor_ = loop_->events.get_executor();
    }
    deadlines_ = std::make_shared<deadline_watch>(shared_->time, executor_);
    watch_timer_ = shared_->time->make_timer(executor_);
    drain_timer_ = shared_->time->make_timer(executor_);
}

FARCALL_DECL io_worker::~io_worker() { join(); }

FARCALL_DECL void io_worker::start(worker_metrics* metrics) {
    metrics_ = metrics;
    watch();
    if (loop_)
        thread_ = std::thread([this] { with_asio_memory([&] { loop_->events.run(shared_->options.busy_poll); }); });
}

FARCALL_DECL void io_worker::watch() {
    const limits& bounds = shared_->options.limits;
    // What is not to be chosen has its limits, too: connections that end, and new ones while the server stops.
    std::chrono::milliseconds shortest = std::chrono::seconds{4};
    for (const auto limit : {bounds.handshake, bounds.idle, bounds.write_stall})
        if (limit.count() != 0) shortest = std::min(shortest, limit);
    // Looking four times within the shortest limit, one look serves all connections and none arms a timer of its own.
    const auto pause = std::clamp(shortest / 4, std::chrono::milliseconds{10}, std::chrono::milliseconds{1000});
    const time_point begin = shared_->time->now();
    // At the end of each second, whatever the last look took.
    time_point next = begin + pause;
    if (const time_point sample = shared_->metrics.next_sample(); sample > begin) next = std::min(next, sample);
    watch_timer_->set(next, [this] {
        const time_point now = shared_->time->now();
        shared_->metrics.sample(now);
        std::vector<std::shared_ptr<server_connection>> all;
        for (const auto& [key, connection] : connections_) all.push_back(connection);
        for (const auto& connection : all) connection->check_time(now);
        if (!draining_ || !connections_.empty()) watch();
    });
}

FARCALL_DECL void io_worker::adopt(std::unique_ptr<byte_stream> stream, std::shared_ptr<peer> who,
                                   std::shared_ptr<const error> refused, bool offers_pages) {
    auto connection = std::make_shared<server_connection>(shared_, std::move(stream), executor_, deadlines_, metrics_,
                                                          loop_ ? &room_ : nullptr, std::move(who), std::move(refused), offers_pages);
    connections_.emplace(connection->peer()->id, connection);
    bool welcome = true;
    if (shared_->on_connect && !connection->turned_away()) {
        try {
            shared_->on_connect(*connection->peer());
        } catch (...) {
            welcome = false;
        }
    }
    connection->start();
    if (!welcome) return connection->close();
    if (draining_) connection->drain();
}

FARCALL_DECL void io_worker::forget(server_connection& gone) {
    if (gone.busy()) return;
    connections_.erase(gone.id());
    finish_if_empty();
}

FARCALL_DECL void io_worker::drain(time_point until, std::shared_ptr<void> owner, std::function<void()> done) {
    draining_ = true;
    drained_ = std::move(done);
    std::vector<std::shared_ptr<server_connection>> all;
    for (const auto& [key, connection] : connections_) all.push_back(connection);
    for (const auto& connection : all) connection->drain();
    hurry(until, std::move(owner));
    finish_if_empty();
}

FARCALL_DECL void io_worker::hurry(time_point until, std::shared_ptr<void> owner) {
    if (connections_.empty() || until >= drain_until_) return;
    drain_until_ = until;
    // A loop of our own belongs to the owner, who waits for its end; what lies in it must not hold him.
    if (loop_) owner.reset();
    drain_timer_->set(until, [this, owner = std::move(owner)] { close_all(); });
}

FARCALL_DECL void io_worker::close_all() {
    std::vector<std::shared_ptr<server_connection>> all;
    for (const auto& [key, connection] : connections_) all.push_back(connection);
    for (const auto& connection : all) connection->shut_down();
}

FARCALL_DECL void io_worker::finish_if_empty() {
    if (!draining_ || !connections_.empty() || !drained_) return;
    watch_timer_->cancel();
    deadlines_->rest();
    drain_timer_->cancel();
    std::exchange(drained_, nullptr)();
}

FARCALL_DECL void io_worker::join() {
    if (!thread_.joinable()) return;
    // Coroutines that outlasted their connections are not waited for; the loop's end destroys them.
    loop_->events.stop();
    thread_.join();
}

FARCALL_DECL bool io_worker::in_thread() const noexcept {
    return thread_.joinable() && thread_.get_id() == std::this_thread::get_id();
}

}  // namespace farcall::detail
