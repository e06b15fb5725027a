#include <farcall/codec/time_point.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <random>
#include <ratio>
#include <string>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds noon = sys_days{2024y / February / 29} + 12h + 30min + 1s;

std::string refusal(const std::string& text) {
    return "expected a point in time as \"2024-02-29T12:30:00Z\", found \"" + text + "\"";
}

}  // namespace

TEST(time_point, is_rfc_3339_with_the_digits_that_its_precision_needs) {
    expect_form(sys_time<seconds>{noon}, "\"2024-02-29T12:30:01Z\"");
    expect_form(sys_time<milliseconds>{noon + 250ms}, "\"2024-02-29T12:30:01.250Z\"");
    expect_form(sys_time<microseconds>{noon + 5us}, "\"2024-02-29T12:30:01.000005Z\"");
    expect_form(sys_time<nanoseconds>{noon + 123456789ns}, "\"2024-02-29T12:30:01.123456789Z\"");
    expect_form(sys_time<duration<std::int64_t, std::deci>>{noon}, "\"2024-02-29T12:30:01.0Z\"");
    expect_form(sys_days{2024y / February / 29}, "\"2024-02-29T00:00:00Z\"");
    expect_form(sys_time<minutes>{floor<minutes>(noon)}, "\"2024-02-29T12:30:00Z\"");
}

TEST(time_point, goes_back_before_1970) {
    expect_form(sys_time<milliseconds>{-1ms}, "\"1969-12-31T23:59:59.999Z\"");
    expect_form(sys_seconds{sys_days{1900y / January / 1}}, "\"1900-01-01T00:00:00Z\"");
    expect_form(sys_seconds{sys_days{0y / January / 1}}, "\"0000-01-01T00:00:00Z\"");
    expect_form(sys_seconds{sys_days{9999y / December / 31}} + 24h - 1s, "\"9999-12-31T23:59:59Z\"");
}

TEST(time_point, outside_of_four_digit_years_cannot_be_written) {
    const std::string message = "a time point outside of the years 0 to 9999 has no JSON form";
    EXPECT_EQ(encode_error(sys_seconds{sys_days{0y / January / 1}} - 1s), message);
    EXPECT_EQ(encode_error(sys_seconds{sys_days{year{10'000} / January / 1}}), message);
    EXPECT_EQ(encode_error(sys_seconds::max()), message);
    EXPECT_EQ(encode_error(sys_seconds::min()), message);
    EXPECT_EQ(encode_error(sys_time<milliseconds>::min()), message);
    EXPECT_EQ(encode_error(sys_time<duration<std::int64_t, std::ratio<86400>>>::max()), message);
    EXPECT_EQ(encode_error(sys_time<duration<std::int64_t, std::ratio<86400>>>::min()), message);
    EXPECT_EQ(encode_error(sys_time<duration<std::uint64_t>>::max()), message);
}

TEST(time_point, agrees_with_the_calendar_of_the_standard_library) {
    std::mt19937_64 random{3};
    const sys_days first = 0y / January / 1;
    for (int i = 0; i != 20'000; ++i) {
        const sys_days day = first + days{static_cast<int>(random() % 3'652'425)};
        const year_month_day date{day};
        char text[16];
        std::snprintf(text, sizeof text, "\"%04d-%02u-%02uT", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
        const std::string whole = text + std::string{"00:00:00Z\""};
        EXPECT_EQ(encoded(sys_seconds{day}), whole);
        EXPECT_EQ(decoded<sys_seconds>(whole), day);
    }
}

TEST(time_point, knows_the_last_day_of_four_hundred_years) {
    expect_form(sys_seconds{sys_days{2000y / February / 29}}, "\"2000-02-29T00:00:00Z\"");
    expect_form(sys_seconds{sys_days{2000y / March / 1}}, "\"2000-03-01T00:00:00Z\"");
    expect_form(sys_seconds{sys_days{1600y / February / 29}}, "\"1600-02-29T00:00:00Z\"");
    expect_form(sys_seconds{sys_days{0y / February / 29}}, "\"0000-02-29T00:00:00Z\"");
    expect_form(sys_seconds{sys_days{1900y / February / 28}}, "\"1900-02-28T00:00:00Z\"");
}

TEST(time_point, takes_offsets_from_utc) {
    EXPECT_EQ(decoded<sys_seconds>("\"2024-02-29T14:30:01+02:00\""), noon);
    EXPECT_EQ(decoded<sys_seconds>("\"2024-02-29T07:00:01-05:30\""), noon);
    EXPECT_EQ(decoded<sys_seconds>("\"2024-02-29T12:30:01+00:00\""), noon);
    EXPECT_EQ(decoded<sys_seconds>("\"2024-02-29T12:30:01-00:00\""), noon);
    EXPECT_EQ(decoded<sys_seconds>("\"2024-03-01T12:29:01+23:59\""), noon);
    EXPECT_EQ(decoded<sys_seconds>("\"2024-02-29t12:30:01z\""), noon);
}

TEST(time_point, drops_digits_beyond_its_precision) {
    EXPECT_EQ(decoded<sys_time<milliseconds>>("\"2024-02-29T12:30:01.9999999999999Z\""), noon + 999ms);
    EXPECT_EQ(decoded<sys_seconds>("\"2024-02-29T12:30:01.999Z\""), noon);
    EXPECT_EQ(decoded<sys_time<milliseconds>>("\"1969-12-31T23:59:59.9999Z\""), sys_time<milliseconds>{-1ms});
    EXPECT_EQ(decoded<sys_time<milliseconds>>("\"2024-02-29T12:30:01.5Z\""), noon + 500ms);
}

TEST(time_point, of_a_coarse_unit_takes_whole_units_only) {
    EXPECT_EQ(decode_error<sys_days>("\"2024-02-29T12:00:00Z\""),
              "expected a point in time that is a multiple of 86400 seconds");
    EXPECT_EQ(decode_error<sys_days>("\"2024-02-29T00:00:00.1Z\""),
              "expected a point in time that is a multiple of 86400 seconds");
    EXPECT_EQ(decoded<sys_days>("\"2024-02-29T01:00:00+01:00\""), sys_days{2024y / February / 29});
}

TEST(time_point, refuses_what_is_no_point_in_time) {
    for (const std::string text : {"",
                                   "2024",
                                   "2024-02-29",
                                   "2024-02-29T12:30Z",
                                   "2024-02-29T12:30:00",
                                   "2024-02-29 12:30:00Z",
                                   "2023-02-29T00:00:00Z",
                                   "1900-02-29T00:00:00Z",
                                   "2024-13-01T00:00:00Z",
                                   "2024-00-01T00:00:00Z",
                                   "2024-01-00T00:00:00Z",
                                   "2024-04-31T00:00:00Z",
                                   "2024-01-01T24:00:00Z",
                                   "2024-01-01T00:60:00Z",
                                   "2016-12-31T23:59:60Z",
                                   "2024-01-01T00:00:00.Z",
                                   "2024-01-01T00:00:00,5Z",
                                   "2024-01-01T00:00:00+0100",
                                   "2024-01-01T00:00:00+24:00",
                                   "2024-01-01T00:00:00+01:60",
                                   "2024-01-01T00:00:00+01",
                                   "2024-01-01T00:00:00ZZ",
                                   "2024-01-01T00:00:00Z ",
                                   "+2024-01-01T00:00:00Z",
                                   "24-01-01T00:00:00Z",
                                   "202a-01-01T00:00:00Z"}) {
        EXPECT_EQ(decode_error<sys_seconds>('"' + text + '"'), refusal(text));
    }
    EXPECT_EQ(decode_error<sys_seconds>("1700000000"), "expected string, found number");
}

TEST(time_point, refuses_every_beginning_of_a_point_in_time) {
    const std::string text = "2024-02-29T12:30:01.123+02:00";
    for (std::size_t size = 0; size != text.size(); ++size) {
        EXPECT_EQ(decode_error<sys_seconds>('"' + text.substr(0, size) + '"'), refusal(text.substr(0, size)));
    }
}

TEST(time_point, is_refused_where_it_does_not_fit_its_type) {
    using nano = sys_time<nanoseconds>;
    expect_form(nano::max(), "\"2262-04-11T23:47:16.854775807Z\"");
    expect_form(nano::min(), "\"1677-09-21T00:12:43.145224192Z\"");
    EXPECT_EQ(decode_error<nano>("\"2262-04-11T23:47:16.854775808Z\""), "point in time is out of range");
    EXPECT_EQ(decode_error<nano>("\"1677-09-21T00:12:43.145224191Z\""), "point in time is out of range");
    EXPECT_EQ(decode_error<nano>("\"9999-12-31T23:59:59Z\""), "point in time is out of range");
    EXPECT_EQ(decode_error<nano>("\"0000-01-01T00:00:00Z\""), "point in time is out of range");
    using small = sys_time<duration<std::int32_t>>;
    EXPECT_EQ(decoded<small>("\"2038-01-19T03:14:07Z\""), small::max());
    EXPECT_EQ(decode_error<small>("\"2038-01-19T03:14:08Z\""), "point in time is out of range");
}

TEST(time_point, of_now_survives) {
    const auto now = system_clock::now();
    EXPECT_EQ(decoded<system_clock::time_point>(encoded(now)), now);
}

TEST(time_point, of_other_clocks_or_odd_precision_has_no_json_form) {
    static_assert(!farcall::json_encodable<steady_clock::time_point>);
    static_assert(!farcall::json_encodable<sys_time<duration<double>>>);
    static_assert(!farcall::json_encodable<sys_time<duration<std::int64_t, std::ratio<1, 3>>>>);
    static_assert(!farcall::json_encodable<sys_time<duration<std::int64_t, std::pico>>>);
    static_assert(farcall::json_decodable<sys_time<duration<std::int64_t, std::centi>>>);
}
