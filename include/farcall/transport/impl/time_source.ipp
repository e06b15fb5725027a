#pragma once

#include <ctime>
#include <utility>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/steady_timer.hpp>

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

class system_time_source final : public time_source {
public:
    time_point now() const override { return std::chrono::steady_clock::now(); }
#if defined(CLOCK_MONOTONIC_COARSE)
    time_point recent() const override {
        // The same clock as of the last tick: a fifth of the time, for no counter of the processor is read.
        timespec read{};
        if (::clock_gettime(CLOCK_MONOTONIC_COARSE, &read) != 0) return now();
        return time_point{std::chrono::seconds{read.tv_sec} + std::chrono::nanoseconds{read.tv_nsec}};
    }
#endif
    std::unique_ptr<timer> make_timer(boost::asio::any_io_executor executor) override {
        return std::make_unique<system_timer>(std::move(executor));
    }
};

}  // namespace detail

FARCALL_DECL std::shared_ptr<time_source> system_time() {
    static const auto source = std::make_shared<detail::system_time_source>();
    return source;
}

}  // namespace farcall
