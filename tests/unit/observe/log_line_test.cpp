#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <farcall/codec/codecs.hpp>
#include <farcall/codec/json.hpp>
#include <farcall/observe/log_line.hpp>

namespace {

using namespace std::chrono_literals;
using farcall::log_format;
using farcall::log_level;
using farcall::log_line;
using std::string_view_literals::operator""sv;

constexpr std::chrono::sys_days day{std::chrono::year{2026} / 11 / 21};
constexpr auto then = day + 19h + 5s + 123'456us;

log_line line_of(log_format format, std::string_view event = "call failed", std::size_t limit = 16) {
    return {format, log_level::info, then, event, limit};
}

/// What a field of that value looks like, without the line in front of it.
std::string printed(std::string_view value, log_format format = log_format::text, std::size_t limit = 64) {
    log_line line = line_of(format, "e", limit);
    line.field("f", value);
    const std::string whole{line.finish()};
    const auto at = whole.find(format == log_format::text ? "f=" : "\"f\":");
    const std::size_t skipped = format == log_format::text ? 2 : 4;
    return format == log_format::text ? whole.substr(at + skipped) : whole.substr(at + skipped, whole.size() - at - skipped - 1);
}

TEST(log_line, begins_with_time_level_and_event) {
    EXPECT_EQ(line_of(log_format::text).finish(), "2026-11-21T19:00:05.123456Z info call failed");
    EXPECT_EQ(line_of(log_format::json).finish(),
              R"({"time":"2026-11-21T19:00:05.123456Z","level":"info","event":"call failed"})");
}

TEST(log_line, has_a_time_before_1970_and_one_without_fractions) {
    log_line line{log_format::text, log_level::debug, std::chrono::sys_days{std::chrono::year{1969} / 12 / 31} + 23h, "e", 8};
    EXPECT_EQ(line.finish(), "1969-12-31T23:00:00.000000Z debug e");
}

TEST(log_line, prints_numbers_truths_and_times_without_quotes) {
    log_line text = line_of(log_format::text, "e");
    text.field("n", 7).field("big", ~0ull).field("minus", -3).field("yes", true).field("us", 12'345ns);
    EXPECT_EQ(text.finish().substr(34), " n=7 big=18446744073709551615 minus=-3 yes=true us=12.3");
    log_line json = line_of(log_format::json, "e");
    json.field("n", 7).field("yes", false).field("us", 1ms);
    EXPECT_TRUE(json.finish().ends_with(R"("event":"e","n":7,"yes":false,"us":1000.0})"));
}

TEST(log_line, quotes_texts_that_do_not_stand_alone) {
    EXPECT_EQ(printed("Calculator.add"), "Calculator.add");
    EXPECT_EQ(printed("[::1]:5000"), "[::1]:5000");
    EXPECT_EQ(printed("two words"), R"("two words")");
    EXPECT_EQ(printed(""), R"("")");
    EXPECT_EQ(printed("a=b"), R"("a=b")");
    EXPECT_EQ(printed("\"abc\""), R"("\"abc\"")");
    EXPECT_EQ(printed("Calculator.add", log_format::json), R"("Calculator.add")");
}

TEST(log_line, keeps_to_one_line_whatever_it_is_given) {
    EXPECT_EQ(printed("a\nb\r\tc\\"), R"("a\nb\r\tc\\")");
    EXPECT_EQ(printed("\x1b[31mred\x7f\0"sv), R"("\u001b[31mred\u007f\u0000")");
    EXPECT_EQ(printed("\xc2\x85\xe2\x80\xa8\xe2\x80\xae\xef\xbb\xbf"), R"("\u0085\u2028\u202e\ufeff")");
    EXPECT_EQ(printed("\xf3\xa0\x81\x81"), R"("\udb40\udc41")") << "a tag";
}

TEST(log_line, keeps_letters_of_all_languages) {
    EXPECT_EQ(printed("Grüße, 世界 😀"), "\"Grüße, 世界 😀\"");
}

TEST(log_line, shows_bytes_that_are_no_utf_8) {
    EXPECT_EQ(printed("a\xff" "b\xc3"), R"("a\xffb\xc3")");
    EXPECT_EQ(printed("a\xff" "b", log_format::json), R"("a\ufffdb")");
    EXPECT_EQ(printed("\xed\xa0\x80"), R"("\xed\xa0\x80")") << "a surrogate";
}

TEST(log_line, cuts_long_texts_between_characters) {
    EXPECT_EQ(printed("12345678", log_format::text, 8), "12345678");
    EXPECT_EQ(printed("123456789", log_format::text, 8), R"("12345678...")");
    EXPECT_EQ(printed("1234567ü", log_format::text, 8), R"("1234567...")");
    EXPECT_EQ(printed(std::string(1 << 20, '\x01'), log_format::text, 4), R"("\u0001\u0001\u0001\u0001...")");
}

TEST(log_line, cuts_and_escapes_the_event_too) {
    EXPECT_TRUE(line_of(log_format::text, "a\nb", 8).finish().ends_with(R"(info a\nb)"));
    EXPECT_TRUE(line_of(log_format::text, "123456789", 8).finish().ends_with("info 12345678..."));
}

TEST(log_line, is_json_for_every_byte_and_pair_of_bytes) {
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; second += first < 0x80 ? 17 : 1) {
            const std::string value{static_cast<char>(first), static_cast<char>(second)};
            log_line line = line_of(log_format::json, value);
            line.field("f", value);
            const std::string whole{line.finish()};
            ASSERT_TRUE(farcall::json::parse(whole)) << whole;
            ASSERT_EQ(whole.find('\n'), std::string::npos);
        }
    }
}

TEST(log_level, is_found_by_its_name) {
    EXPECT_EQ(farcall::log_level_of("warning"), log_level::warning);
    EXPECT_EQ(farcall::log_level_of("off"), log_level::off);
    EXPECT_EQ(farcall::log_level_of("WARNING"), std::nullopt);
}

}  // namespace
