#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>

namespace farcall::detail {

/// A text that is made anew for whoever asks, but ten times a second at most: who asks more often gets what was made
/// last, so that many who ask cost no more than a few. One for all threads, for what it tells must not go backwards.
///
/// @par Thread safety  Safe; who asks while it is made waits.
class kept_text {
public:
    /// The text.
    /// @param make  returns it as a `std::string`
    template <class Make>
    std::shared_ptr<const std::string> get(time_point now, Make&& make) {
        const std::lock_guard lock(mutex_);
        if (text_ && !may_make(now)) return text_;
        text_ = std::make_shared<const std::string>(std::forward<Make>(make)());
        return text_;
    }

private:
    /// It may be made ten times at once, and again in each tenth of a second: whoever asks now and then always learns how
    /// things stand.
    bool may_make(time_point now) {
        constexpr std::chrono::milliseconds interval{100};
        constexpr int at_once = 10;
        if (spent_until_ > now + (at_once - 1) * interval) return false;
        spent_until_ = std::max(spent_until_, now) + interval;
        return true;
    }

    std::mutex mutex_;
    std::shared_ptr<const std::string> text_;
    time_point spent_until_{};
};

}  // namespace farcall::detail
