#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/server/server_metrics.hpp>
#include <farcall/server/worker_metrics.hpp>

namespace farcall::detail {

/// The counters of all threads of a server, and their sums.
///
/// @par Thread safety  `open` comes before any thread counts; everything else is safe.
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

    /// The sums; of a server that was not started, or counts nothing, zeros.
    FARCALL_DECL server_metrics read(time_point now) const;

private:
    method_metrics read_method(std::string_view name, std::size_t slot) const;

    const dispatcher* methods_ = nullptr;
    std::vector<std::unique_ptr<worker_metrics>> workers_;
    time_point started_{};
    std::chrono::system_clock::time_point started_wall_{};
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/metrics_registry.ipp>
#endif
