#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <farcall/protocol/message_writer.hpp>
#include <farcall/protocol/plain_request.hpp>

namespace {

using farcall::detail::counted_text;
using farcall::detail::plain_name;
using farcall::detail::plain_requests;
using farcall::detail::text_buffer;

std::string counted(counted_text& text, std::uint64_t number) {
    const char* const digits = text.of(number);
    return {digits, text.size()};
}

TEST(counted_text, counts_as_numbers_are_written) {
    counted_text text;
    for (std::uint64_t number = 0; number < 20'000; ++number) ASSERT_EQ(counted(text, number), std::to_string(number));
}

TEST(counted_text, follows_small_and_large_steps_and_steps_back) {
    counted_text text;
    std::uint64_t number = 1;
    for (std::uint64_t step = 1; number < std::numeric_limits<std::uint64_t>::max() / 4; ++step) {
        number += step % 7 == 0 ? number : step % 12;
        ASSERT_EQ(counted(text, number), std::to_string(number));
    }
    EXPECT_EQ(counted(text, 3), "3");
    EXPECT_EQ(counted(text, 0), "0");
}

TEST(counted_text, reaches_the_largest_number) {
    counted_text text;
    const std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    for (std::uint64_t left = 20; left-- != 0;) EXPECT_EQ(counted(text, largest - left), std::to_string(largest - left));
}

TEST(plain_name, is_one_that_stands_in_json_as_it_is) {
    EXPECT_TRUE(plain_name("Calculator.add"));
    EXPECT_FALSE(plain_name(""));
    EXPECT_FALSE(plain_name("a\"b"));
    EXPECT_FALSE(plain_name("a\\b"));
    EXPECT_FALSE(plain_name("a\nb"));
    EXPECT_FALSE(plain_name("gr\xC3\xBC\xC3\x9F"));
}

/// The same request by the writer of all requests.
std::string written(std::uint64_t id, std::string_view method, std::int64_t timeout, std::string_view params) {
    text_buffer out;
    const std::size_t mark = farcall::detail::begin_frame(out);
    if (timeout == plain_requests::no_timeout) {
        farcall::detail::append_request(out, id, method, params);
    } else {
        farcall::detail::timeout_meta meta;
        farcall::detail::append_request(out, id, method, params, &meta.set(std::chrono::milliseconds{timeout}));
    }
    EXPECT_TRUE(farcall::detail::end_frame(out, mark));
    return std::string{out.view()};
}

TEST(plain_requests, writes_what_the_writer_of_all_requests_does) {
    static constexpr std::string_view methods[] = {"Calculator.add", "Calculator.divide", "a", "Clock.now", "x.y", "b",
                                                   "Calculator.greet", "Calculator.mean", "One.more", "And.another"};
    plain_requests requests;
    text_buffer out;
    std::string expected;
    const std::string long_text = '"' + std::string(5'000, 'x') + '"';
    for (std::uint64_t id = 1; id < 2'000; ++id) {
        const std::string_view method = methods[id * 7 % std::size(methods)];
        const std::int64_t timeout = id % 5 == 0 ? plain_requests::no_timeout : static_cast<std::int64_t>(id % 3) * 9'999 + 1;
        const std::string params = id % 50 == 0 ? "[" + long_text + "]" : "[" + std::to_string(id) + ",3]";
        const std::string one = written(id, method, timeout, params);
        ASSERT_EQ(requests.append(out, id, method, timeout, params), one.size());
        expected += one;
        ASSERT_EQ(out.view().substr(out.size() - one.size()), one);
    }
    EXPECT_EQ(out.view(), expected);
}

TEST(plain_requests, tells_names_apart_that_lay_at_one_place) {
    // As those of a library that is unloaded, and of the next one.
    plain_requests requests;
    char name[] = "Calculator.add";
    for (const char last : {'d', 'e', 'd'}) {
        name[sizeof name - 2] = last;
        text_buffer out;
        requests.append(out, 7, {name, sizeof name - 1}, 10, "[1]");
        EXPECT_EQ(out.view(), written(7, name, 10, "[1]"));
    }
}

TEST(plain_requests, appends_nothing_where_no_frame_is_that_long) {
    plain_requests requests;
    text_buffer out;
    out.append("before");
    const std::string params(farcall::limits::frame_ceiling - 10, ' ');
    EXPECT_EQ(requests.append(out, 7, "Calculator.add", 10'000, params), 0u);
    EXPECT_EQ(out.view(), "before");
}

}  // namespace
