#pragma once

#include <concepts>
#include <optional>

#include <farcall/detail/chrono.hpp>
#include <farcall/random.hpp>
#include <farcall/status.hpp>

namespace farcall {

/// What a retry policy is told of an attempt that failed.
struct failed_attempt {
    unsigned attempt = 1;                      ///< which one it was, from 1
    status code = status::unknown;             ///< how it ended
    farcall::executed executed = executed::unknown;  ///< whether the method ran
    std::chrono::milliseconds retry_after{0};  ///< what the server asked to wait; zero: it did not say
};

/// Whether another attempt can end better: the peer was unreachable, too slow, or too busy to begin.
constexpr bool transient(const failed_attempt& failed) noexcept {
    return failed.code == status::unavailable || failed.code == status::deadline_exceeded ||
           (failed.code == status::resource_exhausted && failed.executed == executed::no);
}

/// Decides whether a call that failed is made again, and when. It never sleeps, sends or looks at a clock itself.
///
/// The library asks only when another attempt is safe: the call did certainly not run, or its method is declared
/// `readonly` or `idempotent`. A policy with `repeats_unsafe == true` does not look at that itself: a proxy with it
/// compiles only if every method of the service may be called again.
///
/// To write your own:
/// 1. a small copyable struct; public members are its settings, with defaults and units;
/// 2. `static constexpr bool repeats_unsafe = false;`
/// 3. `retry(failed, random)` const: the time to wait before the next attempt, or nothing to give up; it must give
///    up after a finite number of attempts, and depend on nothing but its arguments and settings;
/// 4. `attempt_timeout()` const: how long one attempt may take within the call's deadline; zero: as long as the call;
/// 5. if it shall hedge: `hedge_delay()` const, how long to wait for an answer before the next attempt begins beside the
///    others; only methods declared `readonly` are hedged, and others are then not repeated at all;
/// 6. run the suite of tests/unit/retry/retry_suite.hpp on it.
/// @see retry/exponential_backoff.hpp for a sibling to copy
template <class P>
concept retry_policy =
    std::copyable<P> && requires(const P& policy, const failed_attempt& failed, random_source& random) {
        { policy.retry(failed, random) } -> std::same_as<std::optional<std::chrono::milliseconds>>;
        { policy.attempt_timeout() } -> std::convertible_to<std::chrono::milliseconds>;
        { P::repeats_unsafe } -> std::convertible_to<bool>;
    };

/// A policy that lets attempts run beside one another.
template <class P>
concept hedging_policy = retry_policy<P> && requires(const P& policy) {
    { policy.hedge_delay() } -> std::convertible_to<std::chrono::milliseconds>;
};

}  // namespace farcall
