#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <farcall/client_options.hpp>
#include <farcall/clock.hpp>
#include <farcall/detail/backoff.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/random.hpp>

namespace farcall::detail {

/// When a client may try to connect: what fails again and again is tried less and less often.
///
/// Counted are attempts that failed, and connections that were lost before a byte came from the server, without one
/// that worked in between.
/// @see https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md
class reconnect {
public:
    explicit reconnect(reconnect_backoff backoff) : backoff_(backoff) {}

    /// When the next attempt may be made; long past: at once.
    time_point next_attempt() const noexcept { return next_attempt_; }
    /// Why the last attempt failed; empty: none has since one worked.
    const std::string& reason() const noexcept { return reason_; }
    unsigned failures() const noexcept { return failures_; }

    /// An attempt has failed, or a connection was lost before a byte came from the server.
    ///
    /// @param begun  when the attempt was made; one that was made too early, for reasons of its own, lengthens no pause
    void failed(time_point begun, time_point now, std::string reason, random_source& random) {
        reason_ = std::move(reason);
        if (begun < next_attempt_) return;
        // The first retry is made at once: most losses are short.
        if (++failures_ >= 2) next_attempt_ = now + pause(random);
    }

    /// The server has said something, or the user wants to begin anew.
    void reset() {
        if (failures_ == 0) return;
        failures_ = 0;
        next_attempt_ = time_point::min();
        reason_.clear();
    }

private:
    std::chrono::milliseconds pause(random_source& random) const {
        const double grown = backoff(backoff_.initial, backoff_.multiplier, failures_ - 2.0, backoff_.longest);
        const double jitter = std::clamp(backoff_.jitter, 0.0, 1.0) * (2 * uniform(random) - 1);
        return to_pause(grown * (1 + jitter));
    }

    reconnect_backoff backoff_;
    unsigned failures_ = 0;
    time_point next_attempt_ = time_point::min();
    std::string reason_;
};

}  // namespace farcall::detail
