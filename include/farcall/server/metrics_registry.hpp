#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/limit_name.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server/metrics_history.hpp>
#include <farcall/server/server_metrics.hpp>
#include <farcall/server/worker_metrics.hpp>

namespace farcall::detail {

/// The counters of all threads of a server, and their sums.
///
/// @par Thread safety  `open` comes before any thread counts, and beside `read`; everything else is safe. What has not
///                     opened is asked for `counts` first.
class metrics_registry {
public:
    metrics_registry() = default;
    metrics_registry(const metrics_registry&) = delete;
    metrics_registry& operator=(const metrics_registry&) = delete;

    /// The server starts.
    /// @param methods  must outlive this, and not change any more
    FARCALL_DECL void open(const dispatcher& methods, std::size_t workers, const clock_source& time);

    /// Where the worker of that number counts; null: nothing is counted.
    worker_metrics* worker(std::size_t number) noexcept {
        return number < workers_.size() ? workers_[number].get() : nullptr;
    }

    /// A limit has refused a call or ended a connection.
    void hit(limit_name which) noexcept {
        hits_[static_cast<std::size_t>(which)].fetch_add(1, std::memory_order_relaxed);
    }

    /// @{ The history: to be sampled once a second, by whichever thread comes first.
    /// When the next second is over; `never` if nothing is counted.
    time_point next_sample() const noexcept { return next_sample_.load(std::memory_order_relaxed); }
    FARCALL_DECL void sample(time_point now);
    /// Calls `read(const metrics_history&)`; nothing changes meanwhile.
    template <class Read>
    void with_history(Read&& read) const {
        const std::lock_guard lock(mutex_);
        std::forward<Read>(read)(*history_);
    }
    /// @}

    /// Whether anything is counted.
    bool counts() const noexcept { return counts_.load(std::memory_order_acquire); }
    /// In the order of their names.
    const std::vector<const method_entry*>& methods() const noexcept { return methods_; }
    /// The sums; of a server that was not started, or counts nothing, zeros.
    FARCALL_DECL server_metrics read(time_point now) const;

private:
    method_metrics read_method(std::string_view name, std::size_t slot) const;
    std::uint64_t open_connections() const;

    std::vector<const method_entry*> methods_;
    std::vector<std::unique_ptr<worker_metrics>> workers_;
    time_point started_{};
    std::chrono::system_clock::time_point started_wall_{};
    std::array<std::atomic<std::uint64_t>, limit_count> hits_{};
    std::atomic<time_point> next_sample_{never};
    mutable std::mutex mutex_;                  ///< of what the history holds
    std::unique_ptr<metrics_history> history_;
    std::atomic<bool> counts_{false};  ///< set behind all that `open` does: whoever reads may be earlier than that
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/metrics_registry.ipp>
#endif
