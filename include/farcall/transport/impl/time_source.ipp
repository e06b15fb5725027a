#pragma once

#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/steady_timer.hpp>

#if defined(__linux__)
#include <farcall/transport/event_loop.hpp>
#endif
#include <farcall/transport/recent_time.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall {
namespace detail {

class system_timer final : public timer {
public:
    explicit system_timer(boost::asio::any_io_executor executor) : timer_(std::move(executor)) {}

    void set(time_point when, std::function<void()> function) override {
        timer_.expires_at(when);
        // An expired wait may already be queued when the alarm is set again: the number tells the old one apart.
        const auto number = ++*number_;
        timer_.async_wait([function = std::move(function), current = number_,
                           number](const boost::system::error_code& failure) {
            if (!failure && *current == number) function();
        });
    }

    void cancel() noexcept override {
        ++*number_;
        try {
            timer_.cancel();
        } catch (...) {
            // The number already keeps the function from being called.
        }
    }

    ~system_timer() override { ++*number_; }

private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<unsigned> number_ = std::make_shared<unsigned>(0);
};

#if defined(__linux__)
/// An alarm of the system's clock on an event loop of our own.
class loop_timer final : public timer, private event_loop::appointment {
public:
    /// @param loop  outlives this
    explicit loop_timer(event_loop& loop) noexcept : loop_(loop) {}
    ~loop_timer() override { loop_.cancel(*this); }

    void set(time_point when, std::function<void()> function) override {
        loop_.set(*this, when);
        function_ = std::move(function);
    }
    void cancel() noexcept override {
        loop_.cancel(*this);
        function_ = nullptr;
    }

private:
    void come() override { std::exchange(function_, nullptr)(); }
    void abandon() noexcept override { const auto gone = std::exchange(function_, nullptr); }

    event_loop& loop_;
    std::function<void()> function_;
};
#endif

class system_time_source final : public time_source {
public:
    time_point now() const override { return std::chrono::steady_clock::now(); }
    time_point recent() const override { return recent_time(); }
    std::unique_ptr<timer> make_timer(boost::asio::any_io_executor executor) override {
#if defined(__linux__)
        if (event_loop* const loop = event_loop::of(executor)) return std::make_unique<loop_timer>(*loop);
#endif
        return std::make_unique<system_timer>(std::move(executor));
    }
};

}  // namespace detail

FARCALL_DECL std::shared_ptr<time_source> system_time() {
    static const auto source = std::make_shared<detail::system_time_source>();
    return source;
}

}  // namespace farcall
