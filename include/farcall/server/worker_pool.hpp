#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/detail/config.hpp>
#include <farcall/server/server_metrics.hpp>

namespace boost::asio {
class thread_pool;
}

namespace farcall::detail {

/// The threads that run `blocking` methods, so that these hold up no connection.
///
/// Started with the first job. A bounded number of jobs waits; one more is refused.
/// @par Thread safety  Safe.
class worker_pool {
public:
    /// @param threads  at least 1
    /// @param queue    jobs that may wait
    FARCALL_DECL worker_pool(unsigned threads, std::size_t queue);
    /// Jobs run on this executor instead.
    FARCALL_DECL explicit worker_pool(boost::asio::any_io_executor instead);
    FARCALL_DECL ~worker_pool();

    /// Runs `job` on a worker thread. False: the queue is full, and `job` will not run.
    FARCALL_DECL bool submit(std::function<void()> job);

    /// What it does just now, and how many jobs it has refused.
    FARCALL_DECL worker_pool_metrics metrics() const noexcept;

    /// Whether the calling thread runs one of its jobs.
    FARCALL_DECL bool in_thread() const noexcept;

    /// Waits for the jobs that run, and drops those that wait. Afterwards nothing is accepted. Not from a job.
    FARCALL_DECL void stop();

private:
    unsigned threads_;
    std::size_t queue_;
    std::atomic<std::size_t> jobs_{0};
    std::atomic<std::uint64_t> refused_{0};
    boost::asio::any_io_executor instead_;
    std::mutex mutex_;
    std::unique_ptr<boost::asio::thread_pool> pool_;
    bool stopped_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/worker_pool.ipp>
#endif
