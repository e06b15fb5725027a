#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/observe/distribution.hpp>

namespace farcall::detail {

/// One second of one method.
struct second_of_calls {
    std::uint32_t calls = 0;
    std::uint32_t failures = 0;
    float mean_us = 0;
    float p50_us = 0;
    float p99_us = 0;
};

/// What the last ten minutes of a server looked like, second by second.
///
/// Bounded: 12 KB a method that was ever called, and what its histogram takes once more.
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class metrics_history {
public:
    /// How many seconds are kept.
    static constexpr std::size_t kept = 600;

    /// @param methods  how many there are
    explicit metrics_history(std::size_t methods) : methods_(methods) {}

    /// Begins the sample of a second: what is counted until then and not in an earlier sample belongs to it.
    /// @param second  how many whole seconds the server has run; at least 1, and more than in any call before
    FARCALL_DECL void begin(std::uint64_t second, std::uint64_t connections);
    /// Part of the sample: what was counted of a method since the server's start.
    FARCALL_DECL void sample(std::size_t method, const distribution& latency, std::uint64_t failures);

    /// The second of the last sample; 0: there was none.
    std::uint64_t until() const noexcept { return until_; }
    /// How many seconds of the last `wanted` there are.
    std::size_t size(std::size_t wanted) const noexcept {
        return static_cast<std::size_t>(std::min<std::uint64_t>({wanted, kept, until_}));
    }
    /// One of the last `size` seconds, the oldest first.
    /// @param at  less than `size`
    FARCALL_DECL second_of_calls at(std::size_t method, std::size_t size, std::size_t at) const;
    /// The second in which the method was last called; 0: never.
    std::uint64_t last(std::size_t method) const noexcept { return methods_[method] ? methods_[method]->last : 0; }
    /// Open connections at the end of one of the last `size` seconds.
    std::uint32_t connections(std::size_t size, std::size_t at) const noexcept {
        return connections_[place(until_ - size + at + 1)];
    }

private:
    static constexpr std::size_t place(std::uint64_t second) noexcept {
        return static_cast<std::size_t>(second % kept);
    }

    struct ring {
        distribution before;  ///< at the end of the last sample
        std::uint64_t failures_before = 0;
        std::uint64_t last = 0;  ///< second of the last call
        std::vector<second_of_calls> seconds = std::vector<second_of_calls>(kept);
    };

    std::vector<std::unique_ptr<ring>> methods_;  ///< null: never called
    std::vector<std::uint32_t> connections_ = std::vector<std::uint32_t>(kept);
    std::uint64_t until_ = 0;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/metrics_history.ipp>
#endif
