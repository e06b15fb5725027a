#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <farcall/codec/codec.hpp>
#include <farcall/codec/date_time.hpp>
#include <farcall/detail/chrono.hpp>

namespace farcall {

/// A point in time as RFC 3339 text in UTC: "2024-02-29T12:30:00.250Z".
///
/// Written with as many digits of the second as the duration's precision needs (0, 3, 6 or 9). Read with any offset
/// and number of digits; digits beyond the precision are dropped. A unit above the second (a day) takes only points
/// that are a whole number of it. Years 0000 to 9999.
template <class Clock, class Duration>
struct codec<std::chrono::time_point<Clock, Duration>> {
    using time_point = std::chrono::time_point<Clock, Duration>;
    using period = typename Duration::period;
    static constexpr json_kinds kinds = json_kind::string;

    template <coding>
    static consteval std::string_view flaw() {
        if constexpr (!std::is_same_v<Clock, std::chrono::system_clock>) {
            return "a time point of this clock means nothing to another process; use std::chrono::system_clock";
        } else if constexpr (!std::is_integral_v<typename Duration::rep> || digits() < 0) {
            return "a time point of this precision has no RFC 3339 form; use whole seconds, milli-, micro- or "
                   "nanoseconds";
        } else {
            return {};
        }
    }

    static bool encode(json_writer& out, const time_point& value) {
        const auto count = value.time_since_epoch().count();
        detail::date_time moment;
        char text[detail::date_time_room];
        std::string_view written;
        if (std::in_range<std::int64_t>(count) &&
            detail::split_count(static_cast<std::int64_t>(count), per_second, seconds_each, moment)) {
            written = detail::write_date_time(moment, digits(), text);
        }
        if (written.empty()) return out.fail("a time point outside of the years 0 to 9999 has no JSON form");
        return out.string(written);
    }

    static bool decode(json_reader& in, time_point& value) {
        std::string_view text;
        if (!in.string(text)) return false;
        detail::date_time moment;
        if (!detail::read_date_time(text, moment)) {
            return in.fail("expected a point in time as \"2024-02-29T12:30:00Z\", found \"" + detail::excerpt(text) +
                           '"');
        }
        if (moment.seconds % seconds_each != 0 || (seconds_each != 1 && moment.nanoseconds != 0)) {
            return in.fail("expected a point in time that is a multiple of " + std::to_string(seconds_each) +
                           " seconds");
        }
        std::int64_t count = 0;
        const std::int64_t below = moment.nanoseconds / (1'000'000'000 / per_second);
        if (!detail::scaled_sum(moment.seconds / seconds_each, per_second, below, count) ||
            !std::in_range<typename Duration::rep>(count)) {
            return in.fail("point in time is out of range");
        }
        value = time_point{Duration{static_cast<typename Duration::rep>(count)}};
        return true;
    }

    static void schema(schema_writer& out) { out.raw(detail::date_time_schema); }

private:
    /// The duration's units in a second, and the seconds in a unit; one of them is 1.
    static constexpr std::int64_t per_second = period::num == 1 ? period::den : 1;
    static constexpr std::int64_t seconds_each = period::den == 1 ? period::num : 1;

    /// Digits behind the second; -1 if the unit is neither whole seconds nor a decimal part of one.
    static constexpr int digits() {
        if (period::den == 1) return 0;
        if (period::num != 1) return -1;
        int count = 0;
        std::intmax_t unit = 1;
        while (unit < period::den && count != 9) {
            unit *= 10;
            ++count;
        }
        return unit == period::den ? count : -1;
    }
};

}  // namespace farcall
