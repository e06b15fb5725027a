#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <boost/asio/awaitable.hpp>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/interceptor/answer_table.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/wakeable.hpp>

namespace farcall::detail {

/// Answers that are kept for a while, and those that somebody is waiting for: of the same calls at a time one is made,
/// and the others wait for its end.
///
/// @par Thread safety  Safe.
class shared_answers {
public:
    /// One call that is being made, and those who wait for its end.
    class flight {
    public:
        /// Waits for the end on the coroutine's own executor; nothing: whoever made the call has given it up, or this
        /// waiting was cancelled.
        /// @par Cancellation  any
        FARCALL_DECL static boost::asio::awaitable<std::optional<call_outcome>> wait(std::shared_ptr<flight> which);

        /// Once: tells all who wait.
        FARCALL_DECL void land(const std::optional<call_outcome>& end);

    private:
        /// One who waits, in its coroutine.
        class waiter {
        public:
            /// @param all  locked
            waiter(flight& all, const wakeable& here) : all_(all), number_(++all.last_) {
                all_.waiting_.emplace(number_, here.to_wake());
            }
            waiter(const waiter&) = delete;
            waiter& operator=(const waiter&) = delete;
            ~waiter() {
                const std::lock_guard lock(all_.mutex_);
                all_.waiting_.erase(number_);
            }

        private:
            flight& all_;
            std::uint64_t number_;
        };

        std::mutex mutex_;
        std::map<std::uint64_t, wakeable::handle> waiting_;
        std::uint64_t last_ = 0;
        std::optional<call_outcome> end_;
        bool landed_ = false;
    };

    /// The one who makes a call, until it says the end; destroyed before, it has given the call up.
    class leader {
    public:
        leader(std::shared_ptr<shared_answers> all, std::string key, std::shared_ptr<flight> led) noexcept
            : all_(std::move(all)), key_(std::move(key)), flight_(std::move(led)) {}
        leader(const leader&) = delete;
        leader& operator=(const leader&) = delete;
        ~leader() {
            if (flight_) all_->land(key_, std::exchange(flight_, nullptr), {}, std::nullopt);
        }
        /// @param good_until  of the result; ignored if there is none
        void end(const call_outcome& end, time_point now, time_point good_until) {
            std::optional<answer_table::answer> kept;
            if (!end.failure && !end.stale) kept = {end.result, now, good_until};
            all_->land(key_, std::exchange(flight_, nullptr), end, std::move(kept));
        }
        /// The end is this caller's alone: those who wait make the call themselves, and so does everybody for a while.
        void end_alone(time_point now, time_point good_until) {
            answer_table::answer mark{.made = now, .good_until = good_until, .alone = true};
            all_->land(key_, std::exchange(flight_, nullptr), std::nullopt, std::move(mark));
        }

    private:
        std::shared_ptr<shared_answers> all_;
        std::string key_;
        std::shared_ptr<flight> flight_;  ///< null: it has ended
    };

    /// What there is for a call: one of the three, or nothing, when each caller makes it alone.
    struct found {
        std::optional<std::string> kept{};  ///< the result of an earlier one
        std::shared_ptr<flight> joined{};   ///< somebody makes it
        std::unique_ptr<leader> leads{};    ///< make it
    };

    /// @param most  bytes of what is kept
    explicit shared_answers(std::size_t most) : table_(most) {}

    FARCALL_DECL static found find(const std::shared_ptr<shared_answers>& all, const std::string& key, time_point now);

private:
    FARCALL_DECL void land(const std::string& key, const std::shared_ptr<flight>& ended,
                           const std::optional<call_outcome>& end, std::optional<answer_table::answer> kept);

    std::mutex mutex_;
    answer_table table_;
    std::unordered_map<std::string, std::shared_ptr<flight>> flights_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/shared_answers.ipp>
#endif
