#pragma once

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <farcall/server/worker_pool.hpp>

namespace farcall::detail {

/// Whose job the calling thread runs; null for none.
inline const worker_pool*& pool_of_this_thread() noexcept {
    thread_local const worker_pool* pool = nullptr;
    return pool;
}

FARCALL_DECL worker_pool::worker_pool(unsigned threads, std::size_t queue)
    : threads_(std::max(threads, 1u)), queue_(queue) {}

FARCALL_DECL worker_pool::worker_pool(boost::asio::any_io_executor instead)
    : threads_(1), queue_(0), instead_(std::move(instead)) {}

FARCALL_DECL worker_pool::~worker_pool() { stop(); }

FARCALL_DECL bool worker_pool::submit(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    if (instead_) {
        boost::asio::post(instead_, std::move(job));
        return true;
    }
    if (jobs_.load(std::memory_order_relaxed) >= threads_ + queue_) {
        refused_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    try {
        if (!pool_) pool_ = std::make_unique<boost::asio::thread_pool>(threads_);
    } catch (const boost::system::system_error&) {
        return false;  // the system gives no more threads
    }
    jobs_.fetch_add(1, std::memory_order_relaxed);
    boost::asio::post(*pool_, [this, job = std::move(job)] {
        pool_of_this_thread() = this;
        job();
        jobs_.fetch_sub(1, std::memory_order_relaxed);
    });
    return true;
}

FARCALL_DECL worker_pool_metrics worker_pool::metrics() const noexcept {
    if (instead_) return {};
    const std::size_t jobs = jobs_.load(std::memory_order_relaxed);
    const std::size_t busy = std::min<std::size_t>(jobs, threads_);
    return {threads_, busy, jobs - busy, refused_.load(std::memory_order_relaxed)};
}

FARCALL_DECL bool worker_pool::in_thread() const noexcept { return pool_of_this_thread() == this; }

FARCALL_DECL void worker_pool::stop() {
    std::unique_ptr<boost::asio::thread_pool> pool;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        pool = std::move(pool_);
    }
    if (!pool) return;
    pool->stop();
    pool->join();
}

}  // namespace farcall::detail
