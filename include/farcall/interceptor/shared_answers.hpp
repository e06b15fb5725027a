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

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/clock.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/interceptor/answer_table.hpp>
#include <farcall/interceptor/call_outcome.hpp>

namespace farcall::detail {

/// Answers that are kept for a while, and those that somebody is waiting for: of the same calls at a time one is made,
/// and the others wait for its end.
///
/// @par Thread safety  Safe.
class shared_answers {
public:
    /// One call that is being made, and those who wait for its end.
    class flight : public std::enable_shared_from_this<flight> {
    public:
        /// Waits for the end; nothing: whoever made the call has given it up, or this waiting was cancelled.
        /// @par Cancellation  any
        boost::asio::awaitable<std::optional<call_outcome>> wait() {
            using token = const boost::asio::use_awaitable_t<>&;
            return boost::asio::async_initiate<token, void(std::optional<call_outcome>)>(
                [](auto handler, std::shared_ptr<flight> self) { self->add(std::move(handler)); },
                boost::asio::use_awaitable, shared_from_this());
        }

        /// Once: tells all who wait.
        FARCALL_DECL void land(const std::optional<call_outcome>& end);

    private:
        struct waiter {
            virtual ~waiter() = default;
            /// Resumes it on its own executor, not from inside.
            virtual void resume(std::optional<call_outcome> end) = 0;
        };
        template <class Handler>
        struct waiting final : waiter {
            explicit waiting(Handler made) : handler(std::move(made)) {}
            void resume(std::optional<call_outcome> end) override {
                auto executor = boost::asio::get_associated_executor(handler);
                boost::asio::post(executor, [called = std::move(handler), end = std::move(end)]() mutable {
                    std::move(called)(std::move(end));
                });
            }
            Handler handler;
        };

        template <class Handler>
        void add(Handler handler) {
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            auto made = std::make_unique<waiting<Handler>>(std::move(handler));
            std::uint64_t number = 0;
            {
                const std::lock_guard lock(mutex_);
                if (!landed_) waiting_.emplace(number = ++last_, std::move(made));
            }
            if (made) return made->resume(end_);
            if (slot.is_connected())
                slot.assign([weak = weak_from_this(), number](boost::asio::cancellation_type) {
                    if (const auto self = weak.lock()) self->cancel(number);
                });
        }
        FARCALL_DECL void cancel(std::uint64_t number);

        std::mutex mutex_;
        std::map<std::uint64_t, std::unique_ptr<waiter>> waiting_;
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

    private:
        std::shared_ptr<shared_answers> all_;
        std::string key_;
        std::shared_ptr<flight> flight_;  ///< null: it has ended
    };

    /// What there is for a call: one of the three.
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
