#include <farcall/observe/traceparent.hpp>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace {

using farcall::parse_traceparent;
using farcall::span_context;
using farcall::to_traceparent;
using farcall::valid_tracestate;

// The example of the specification.
constexpr std::string_view example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr span_context in_example{
    .trace_high = 0x0af7651916cd43dd, .trace_low = 0x8448eb211c80319c, .span = 0xb7ad6b7169203331, .sampled = true};

TEST(traceparent, reads_and_writes_the_example_of_the_specification) {
    EXPECT_EQ(parse_traceparent(example), in_example);
    EXPECT_EQ(to_traceparent(in_example), example);
    EXPECT_EQ(in_example.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(farcall::span_id_text(in_example.span), "b7ad6b7169203331");
}

TEST(traceparent, keeps_zeros_at_the_front) {
    const span_context small{.trace_high = 0, .trace_low = 1, .span = 2};
    EXPECT_EQ(to_traceparent(small), "00-00000000000000000000000000000001-0000000000000002-00");
    EXPECT_EQ(parse_traceparent(to_traceparent(small)), small);
}

TEST(traceparent, takes_the_flag_of_sampling_and_no_other) {
    std::string text{example};
    const auto sampled_by = [&](std::string_view flags) {
        text.replace(53, 2, flags);
        return parse_traceparent(text).value().sampled;
    };
    EXPECT_FALSE(sampled_by("00"));
    EXPECT_TRUE(sampled_by("03"));
    EXPECT_TRUE(sampled_by("ff"));
    EXPECT_FALSE(sampled_by("fe"));
}

TEST(traceparent, reads_of_later_versions_what_it_knows) {
    std::string text{example};
    text.replace(0, 2, "cc");
    EXPECT_EQ(parse_traceparent(text), in_example);
    EXPECT_EQ(parse_traceparent(text + "-what-will-come"), in_example);
    EXPECT_EQ(parse_traceparent(text + "what"), std::nullopt);
    EXPECT_EQ(parse_traceparent(std::string{example} + "-more"), std::nullopt) << "version 00 has no more";
}

TEST(traceparent, refuses_every_text_that_differs_in_one_place) {
    for (std::size_t at = 0; at != example.size(); ++at) {
        std::string text{example};
        text[at] = 'g';
        EXPECT_EQ(parse_traceparent(text), std::nullopt) << text;
        text[at] = 'A';
        EXPECT_EQ(parse_traceparent(text), std::nullopt) << text;
        EXPECT_EQ(parse_traceparent(example.substr(0, at)), std::nullopt) << at;
    }
}

TEST(traceparent, refuses_what_names_nothing) {
    EXPECT_EQ(parse_traceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01"), std::nullopt);
    EXPECT_EQ(parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"), std::nullopt);
    EXPECT_EQ(parse_traceparent("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), std::nullopt);
    EXPECT_EQ(parse_traceparent(""), std::nullopt);
    EXPECT_EQ(parse_traceparent(std::string(100'000, '0')), std::nullopt);
}

TEST(tracestate, takes_what_the_specification_shows) {
    for (const char* text : {"", "rojo=00f067aa0ba902b7", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a@b=c", "a = b"})
        EXPECT_EQ(valid_tracestate(text), std::string_view{text} != "a = b") << text;
    EXPECT_TRUE(valid_tracestate("a=b ,\t c=d,,"));
    EXPECT_TRUE(valid_tracestate("fw529a3039@dt=FfAAAAA;x y"));
}

TEST(tracestate, refuses_what_may_not_travel) {
    for (const char* text : {"a", "=b", "a=", "A=b", "a=b=c", "a=\x01", "a=\xC3\xA4", "a@=b", "@a=b", "a@b@c=d", "a=b;\r\n"})
        EXPECT_FALSE(valid_tracestate(text)) << text;
    const std::string key(256, 'a');
    EXPECT_TRUE(valid_tracestate(key + "=1"));
    EXPECT_FALSE(valid_tracestate(key + "a=1"));
    std::string members = "a=1";
    for (int i = 1; i != 32; ++i) members += ",a=1";
    EXPECT_TRUE(valid_tracestate(members));
    EXPECT_FALSE(valid_tracestate(members + ",a=1"));
    EXPECT_FALSE(valid_tracestate("a=" + std::string(511, 'b')));
}

}  // namespace
