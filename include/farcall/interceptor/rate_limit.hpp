#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/error.hpp>
#include <farcall/interceptor/intercepted_call.hpp>

namespace farcall {

/// How many calls are let through.
struct rate_limit_options {
    /// In the long run; above zero, fractions count.
    double per_second = 100;
    /// How many may come at the same instant after a pause; 0: a tenth of a second's, at least one.
    double burst = 0;
    /// What has a rate of its own: calls with the same text share one. Empty: all calls share one.
    /// @see rate_limit::by_peer, rate_limit::by_principal, rate_limit::by_metadata, rate_limit::by_method
    std::function<std::string(const intercepted_call& call)> key{};
    /// Keys that are remembered at most; those beyond share one rate. A key that has paused is forgotten.
    std::size_t keys = 10'000;
};

/// An interceptor that refuses calls that come faster than they may: `resource_exhausted`, executed no, with the time
/// after which one more would pass (`error::retry_after`; `Retry-After` over HTTP). Nobody is disconnected.
///
/// A token bucket: it lets pass `burst` calls at once and `per_second` in the long run. A retry policy of our clients
/// obeys the time.
/// @par Thread safety  Safe: a lock is held for the time of a look-up.
/// @see "generic cell rate algorithm", ITU-T I.371: a bucket is one point in time
class rate_limit {
public:
    /// @par Errors  `farcall::error`, `invalid_argument`: a number is not one that can be
    explicit rate_limit(rate_limit_options options) : shared_(std::make_shared<table>(std::move(options))) {}

    /// @see farcall::intercepting
    void before(intercepted_call& call) const {
        const time_point now = call.now();
        const auto wait = shared_->take(shared_->options.key ? shared_->options.key(call) : std::string{}, now);
        if (wait == time_point::duration::zero()) return;
        error::details texts;
        texts.message = "rate_limit: calls come faster than the server takes them; call again later, and less often";
        texts.retry_after = std::chrono::ceil<std::chrono::milliseconds>(wait);
        throw error{status::resource_exhausted, std::move(texts)}.with_executed(executed::no);
    }

    /// @{ For `rate_limit_options::key`. The address of the peer without its port; on a client, and on a Unix socket, all
    /// calls have the same.
    static std::string by_peer(const intercepted_call& call) {
        return call.peer ? std::string{detail::host_of(call.peer->address)} : std::string{};
    }
    /// Whoever has proved to be somebody; put it behind `token_auth`.
    static std::string by_principal(const intercepted_call& call) { return call.principal; }
    static std::string by_method(const intercepted_call& call) { return call.method; }
    /// A value that the caller sends along, such as "tenant". A caller that may choose it as it likes is not held back.
    static std::function<std::string(const intercepted_call& call)> by_metadata(std::string name) {
        return [name = std::move(name)](const intercepted_call& call) {
            return std::string{call.headers.get(name).value_or(std::string_view{})};
        };
    }
    /// @}

    /// How many keys are remembered now.
    std::size_t size() const { return shared_->size(); }

private:
    using duration = time_point::duration;

    /// By key, the time when the bucket is full again. One that is full already need not be remembered.
    struct table {
        explicit table(rate_limit_options chosen) : options(std::move(chosen)) {
            // Not "<=": a NaN is none of both.
            if (!(options.per_second > 0) || options.per_second > 1e9)
                throw error{status::invalid_argument, "rate_limit_options::per_second is above zero, up to a thousand million"};
            if (options.burst == 0) options.burst = std::max(options.per_second / 10, 1.0);
            if (!(options.burst >= 1))
                throw error{status::invalid_argument, "rate_limit_options::burst is at least 1, or 0 for a tenth of a second's"};
            const auto of_calls = [&](double calls) {
                const double ns = calls * 1e9 / options.per_second;
                return std::chrono::nanoseconds{ns < 1e17 ? static_cast<std::int64_t>(ns) : std::int64_t{100'000'000'000'000'000}};
            };
            interval = std::max(of_calls(1), std::chrono::nanoseconds{1});
            slack = of_calls(options.burst - 1);
        }

        /// @returns zero if the call may pass, and is counted; otherwise how long until one could
        duration take(std::string key, time_point now) {
            const std::lock_guard lock(mutex);
            auto found = full_at.find(key);
            if (found == full_at.end()) {
                if (full_at.size() >= options.keys) sweep(now);
                if (full_at.size() < options.keys) {
                    found = full_at.emplace(std::move(key), now).first;
                    next_sweep = std::min(next_sweep, std::max(now + interval, no_sweep_before));
                }
            }
            time_point& full = found != full_at.end() ? found->second : others_full_at;
            const time_point earliest = full - slack;
            if (now < earliest) return earliest - now;
            full = std::max(full, now) + interval;
            return duration::zero();
        }

        /// Forgets the keys that make no difference any more. With none of them, it looks again when there may be one:
        /// of those that are kept now, or of those that come after them.
        void sweep(time_point now) {
            if (now < next_sweep) return;
            // Each look goes over all of them: not for every single one that may be gone.
            no_sweep_before = now + std::chrono::milliseconds{100};
            next_sweep = never;
            for (auto at = full_at.begin(); at != full_at.end();) {
                if (at->second <= now) {
                    at = full_at.erase(at);
                } else {
                    next_sweep = std::min(next_sweep, at->second);
                    ++at;
                }
            }
            next_sweep = std::max<time_point>(next_sweep, no_sweep_before);
        }

        std::size_t size() {
            const std::lock_guard lock(mutex);
            return full_at.size();
        }

        rate_limit_options options;
        duration interval{};  ///< between two calls in the long run
        duration slack{};     ///< how much earlier one may come
        std::mutex mutex;
        std::unordered_map<std::string, time_point> full_at;
        time_point others_full_at{};
        time_point next_sweep{};       ///< when one of the keys may be forgotten
        time_point no_sweep_before{};
    };

    std::shared_ptr<table> shared_;
};

}  // namespace farcall
