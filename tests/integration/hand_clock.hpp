#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <farcall/transport/time_source.hpp>

namespace integration {

/// A clock that a test moves by hand while other threads look at it: a deadline passes when the test says so.
class hand_clock final : public farcall::time_source, public std::enable_shared_from_this<hand_clock> {
public:
    farcall::time_point now() const override {
        const std::lock_guard lock(mutex_);
        return now_;
    }
    std::chrono::system_clock::time_point wall() const override { return std::chrono::system_clock::now(); }
    std::unique_ptr<farcall::timer> make_timer(boost::asio::any_io_executor executor) override {
        return std::make_unique<hand>(shared_from_this(), std::move(executor));
    }

    /// Moves on; what was set for then or before comes, each on its executor.
    void advance(std::chrono::nanoseconds ahead) {
        const std::lock_guard lock(mutex_);
        now_ += ahead;
        look();
    }

private:
    /// Its function is used on the executor only.
    struct alarm {
        boost::asio::any_io_executor executor;
        std::function<void()> function;
    };

    class hand final : public farcall::timer {
    public:
        hand(std::shared_ptr<hand_clock> clock, boost::asio::any_io_executor executor)
            : clock_(std::move(clock)), executor_(std::move(executor)) {}
        ~hand() override { cancel(); }

        void set(farcall::time_point when, std::function<void()> function) override {
            cancel();
            set_ = std::make_shared<alarm>(alarm{executor_, std::move(function)});
            const std::lock_guard lock(clock_->mutex_);
            clock_->alarms_.emplace(when, set_);
            clock_->look();  // the time may have come while it was being set
        }
        void cancel() noexcept override {
            if (const auto old = std::exchange(set_, nullptr)) old->function = nullptr;
        }

    private:
        std::shared_ptr<hand_clock> clock_;
        boost::asio::any_io_executor executor_;
        std::shared_ptr<alarm> set_;
    };

    void look() {
        while (!alarms_.empty() && alarms_.begin()->first <= now_) {
            const std::shared_ptr<alarm> due = alarms_.extract(alarms_.begin()).mapped();
            boost::asio::post(due->executor, [due] {
                if (const auto called = std::exchange(due->function, nullptr)) called();
            });
        }
    }

    mutable std::mutex mutex_;
    farcall::time_point now_{std::chrono::hours{1'000}};
    std::multimap<farcall::time_point, std::shared_ptr<alarm>> alarms_;
};

}  // namespace integration
