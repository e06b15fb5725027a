#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>

#include <farcall/testing/virtual_clock.hpp>

namespace farcall {
namespace detail {

/// One timer on a virtual clock.
class virtual_timer final : public timer {
public:
    virtual_timer(std::shared_ptr<testing::virtual_clock> clock, boost::asio::any_io_executor executor)
        : clock_(std::move(clock)), executor_(std::move(executor)) {}

    ~virtual_timer() override { cancel(); }

    void set(time_point when, std::function<void()> function) override {
        cancel();
        const auto made = std::make_shared<std::function<void()>>(std::move(function));
        state_ = made;
        // The alarm may be on its way to the executor when it is cancelled: what it calls is taken away from it then.
        alarm_ = clock_->call_at(when, executor_, [state = made] {
            if (const auto called = std::exchange(*state, nullptr)) called();
        });
    }

    void cancel() noexcept override {
        const auto state = std::exchange(state_, {}).lock();
        if (!state) return;
        clock_->take_back(alarm_);
        // Its owner may be what the function holds: it is destroyed when this object is done with itself.
        const auto dropped = std::exchange(*state, nullptr);
    }

private:
    std::shared_ptr<testing::virtual_clock> clock_;
    boost::asio::any_io_executor executor_;
    std::weak_ptr<std::function<void()>> state_;  ///< owned by the alarm, so that it goes when the clock gives up
    testing::virtual_clock::alarm_id alarm_{};
};

}  // namespace detail

namespace testing {

inline std::unique_ptr<timer> virtual_clock::make_timer(boost::asio::any_io_executor executor) {
    return std::make_unique<farcall::detail::virtual_timer>(shared_from_this(), std::move(executor));
}

inline virtual_clock::alarm_id virtual_clock::call_at(time_point when, boost::asio::any_io_executor executor,
                                                      std::function<void()> function) {
    const alarm_id id{when, ++last_};
    if (when == never || abandoned_) return id;
    if (!forgotten_.empty() && forgotten_.contains(&executor.context())) return id;
    alarms_.emplace(id, alarm{std::move(executor), std::move(function)});
    return id;
}

inline bool virtual_clock::take_back(const alarm_id& id) noexcept {
    auto taken = alarms_.extract(id);  // destroyed after it has left the map: its function may own other alarms
    return !taken.empty();
}

inline bool virtual_clock::step(time_point limit) {
    if (alarms_.empty() || alarms_.begin()->first.first > limit) {
        if (limit != never) now_ = std::max(now_, limit);
        return false;
    }
    auto next = alarms_.extract(alarms_.begin());
    now_ = std::max(now_, next.key().first);
    ++done_;
    boost::asio::post(next.mapped().executor, std::move(next.mapped().function));
    return true;
}

inline std::vector<std::function<void()>> virtual_clock::forget(const boost::asio::execution_context& loop) {
    forgotten_.insert(&loop);
    std::vector<std::function<void()>> dropped;
    for (auto at = alarms_.begin(); at != alarms_.end();) {
        const auto each = at++;
        if (&each->second.executor.context() != &loop) continue;
        dropped.push_back(std::move(each->second.function));
        alarms_.erase(each);
    }
    return dropped;
}

inline void virtual_clock::abandon() {
    abandoned_ = true;  // what the functions own may set alarms while it is destroyed
    const auto dropped = std::exchange(alarms_, {});
}

}  // namespace testing
}  // namespace farcall
