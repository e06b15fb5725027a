#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <farcall/detail/chrono.hpp>
#include <farcall/retry_budget.hpp>
#include <farcall/clock.hpp>

namespace farcall::detail {

/// What is left of a client's `retry_budget`: counts calls and further attempts over the last ten seconds.
///
/// In any ten seconds there are at most `share` further attempts a call of those seconds, and `per_second` times ten.
/// Both are counted in cells of one second. To keep the promise for every ten seconds and not only for those that begin
/// with a cell, attempts count a second longer than the calls that pay for them.
/// @par Thread safety  Unsafe.
/// @see gRFC A6 (retry throttling); Finagle's RetryBudget
class budget {
public:
    explicit budget(const retry_budget& rule) noexcept : rule_(rule) {}

    /// A call has been made that may be repeated.
    void deposit(time_point now) noexcept {
        if (rule_.unlimited) return;
        turn(now);
        ++cells_[at(second_)].calls;
    }

    /// Whether another attempt may be made.
    bool left(time_point now) noexcept {
        if (rule_.unlimited) return true;
        turn(now);
        std::uint64_t calls = 0, attempts = 0;
        for (std::int64_t age = 0; age < window; ++age) {
            const cell& counted = cells_[at(second_ - age)];
            attempts += counted.attempts;
            if (age != window - 1) calls += counted.calls;
        }
        const double allowed = std::max(0.0, rule_.share) * static_cast<double>(calls) +
                               std::max(0.0, rule_.per_second) * static_cast<double>(window - 1);
        return static_cast<double>(attempts + 1) <= allowed;
    }

    /// Takes another attempt out of it.
    /// @returns false if nothing is left: it must not be made
    [[nodiscard]] bool spend(time_point now) noexcept {
        if (!left(now)) return false;
        if (!rule_.unlimited) ++cells_[at(second_)].attempts;
        return true;
    }

private:
    struct cell {
        std::uint64_t calls = 0;
        std::uint64_t attempts = 0;
    };

    static constexpr std::int64_t window = 11;  ///< ten whole seconds and the one that has begun

    static std::size_t at(std::int64_t second) noexcept {
        return static_cast<std::size_t>((second % window + window) % window);
    }

    /// Empties the cells of the seconds that have begun since the last call.
    void turn(time_point now) noexcept {
        const std::int64_t present = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
        if (present <= second_) return;
        if (present - second_ >= window)
            cells_.fill({});
        else
            while (second_ != present) cells_[at(++second_)] = {};
        second_ = present;
    }

    retry_budget rule_;
    std::array<cell, window> cells_{};
    std::int64_t second_ = 0;
};

}  // namespace farcall::detail
