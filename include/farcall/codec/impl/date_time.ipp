#pragma once

#include <limits>

#include <farcall/codec/date_time.hpp>

namespace farcall::detail {

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years are counted from March, so that the
/// leap day is the last of its year and every month begins at a fixed day of it.
constexpr std::int64_t days_from_date(std::int64_t year, int month, int day) noexcept {
    if (month <= 2) --year;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

constexpr int days_in_month(int year, int month) noexcept {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

inline constexpr std::int64_t first_second = days_from_date(0, 1, 1) * 86'400;
inline constexpr std::int64_t last_second = days_from_date(10'000, 1, 1) * 86'400 - 1;

FARCALL_DECL bool split_count(std::int64_t count, std::int64_t per_second, std::int64_t seconds_each,
                              date_time& moment) noexcept {
    if (count < first_second / seconds_each && seconds_each != 1) return false;
    if (count > last_second / seconds_each && seconds_each != 1) return false;
    std::int64_t seconds = count / per_second;
    std::int64_t below = count % per_second;
    if (below < 0) {
        below += per_second;
        --seconds;
    }
    moment.seconds = seconds * seconds_each;
    moment.nanoseconds = static_cast<std::uint32_t>(below * (1'000'000'000 / per_second));
    return moment.seconds >= first_second && moment.seconds <= last_second;
}

FARCALL_DECL std::string_view write_date_time(const date_time& moment, int digits, char* room) noexcept {
    if (moment.seconds < first_second || moment.seconds > last_second) return {};
    char* out = room;
    const auto put = [&out](std::int64_t value, int width) {
        for (int i = width; i != 0; --i) {
            out[i - 1] = static_cast<char>('0' + value % 10);
            value /= 10;
        }
        out += width;
    };
    std::int64_t days = moment.seconds / 86'400;
    std::int64_t rest = moment.seconds % 86'400;
    if (rest < 0) {
        rest += 86'400;
        --days;
    }
    // From here the same count of days as in `days_from_date`, read backwards.
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    put(year_of_era + era * 400 + (month <= 2 ? 1 : 0), 4);
    *out++ = '-';
    put(month, 2);
    *out++ = '-';
    put(day_of_year - (153 * month_from_march + 2) / 5 + 1, 2);
    *out++ = 'T';
    put(rest / 3600, 2);
    *out++ = ':';
    put(rest / 60 % 60, 2);
    *out++ = ':';
    put(rest % 60, 2);
    if (digits > 0) {
        std::int64_t fraction = moment.nanoseconds;
        for (int i = digits; i < 9; ++i) fraction /= 10;
        *out++ = '.';
        put(fraction, digits);
    }
    *out++ = 'Z';
    return {room, static_cast<std::size_t>(out - room)};
}

FARCALL_DECL bool read_date_time(std::string_view text, date_time& moment) noexcept {
    const char* p = text.data();
    const char* const end = p + text.size();
    bool good = true;
    const auto number = [&](int width) {
        int value = 0;
        for (int i = 0; i != width; ++i) {
            if (p == end || *p < '0' || *p > '9') {
                good = false;
                return 0;
            }
            value = value * 10 + (*p++ - '0');
        }
        return value;
    };
    const auto expect = [&](char upper, char lower) {
        if (p != end && (*p == upper || *p == lower)) {
            ++p;
        } else {
            good = false;
        }
    };
    const int year = number(4);
    expect('-', '-');
    const int month = number(2);
    expect('-', '-');
    const int day = number(2);
    expect('T', 't');
    const int hour = number(2);
    expect(':', ':');
    const int minute = number(2);
    expect(':', ':');
    const int second = number(2);
    if (!good || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;

    std::uint32_t nanoseconds = 0;
    if (p != end && *p == '.') {
        ++p;
        std::uint32_t unit = 100'000'000;
        const char* const first = p;
        for (; p != end && *p >= '0' && *p <= '9'; ++p) {
            nanoseconds += static_cast<std::uint32_t>(*p - '0') * unit;
            unit /= 10;
        }
        if (p == first) return false;
    }

    std::int64_t offset = 0;
    if (p != end && (*p == '+' || *p == '-')) {
        const bool west = *p++ == '-';
        const int hours = number(2);
        expect(':', ':');
        const int minutes = number(2);
        if (!good || hours > 23 || minutes > 59) return false;
        offset = hours * 3600 + minutes * 60;
        if (west) offset = -offset;
    } else {
        expect('Z', 'z');
    }
    if (!good || p != end) return false;
    moment.seconds = days_from_date(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second - offset;
    moment.nanoseconds = nanoseconds;
    return true;
}

FARCALL_DECL bool scaled_sum(std::int64_t a, std::int64_t factor, std::int64_t b, std::int64_t& sum) noexcept {
    using bounds = std::numeric_limits<std::int64_t>;
    if (a >= 0) {
        if (a > (bounds::max() - b) / factor) return false;
        sum = a * factor + b;
        return true;
    }
    // Counted from the second above, because (a * factor) alone may not fit where the sum does.
    const std::int64_t down = factor - b;
    if (a + 1 < (bounds::min() + down) / factor) return false;
    sum = (a + 1) * factor - down;
    return true;
}

}  // namespace farcall::detail
