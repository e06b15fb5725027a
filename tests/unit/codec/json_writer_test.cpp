#include <farcall/codec/json_writer.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

using farcall::json_writer;
using farcall::detail::text_buffer;

namespace {

template <class Write>
std::string written(Write write) {
    text_buffer out;
    json_writer writer{out};
    write(writer);
    EXPECT_TRUE(writer.ok()) << writer.error().text();
    return std::string{out.view()};
}

template <class Write>
std::string refused(Write write) {
    text_buffer out;
    json_writer writer{out};
    EXPECT_FALSE(write(writer)) << out.view();
    EXPECT_FALSE(writer.ok());
    return writer.error().text();
}

}  // namespace

TEST(json_writer, puts_commas_between_elements_and_members_by_itself) {
    const std::string text = written([](json_writer& out) {
        out.begin_array();
        out.integer(1);
        out.begin_array();
        out.end_array();
        out.begin_object();
        EXPECT_TRUE(out.key("a"));
        out.null();
        EXPECT_TRUE(out.key("b"));
        out.boolean(true);
        out.key_quoted(",\"c\":");
        EXPECT_TRUE(out.number(1.5));
        out.end_object();
        out.raw("{\"x\":0}");
        EXPECT_TRUE(out.string("s"));
        out.end_array();
    });
    EXPECT_EQ(text, R"([1,[],{"a":null,"b":true,"c":1.5},{"x":0},"s"])");
}

TEST(json_writer, writes_a_quoted_key_first_without_its_comma) {
    EXPECT_EQ(written([](json_writer& out) {
                  out.begin_object();
                  out.key_quoted(",\"a\":");
                  out.integer(1);
                  out.key_quoted(",\"b\":");
                  out.integer(2);
                  out.end_object();
              }),
              R"({"a":1,"b":2})");
}

TEST(json_writer, writes_integers_exactly) {
    EXPECT_EQ(written([](json_writer& out) { out.integer(std::numeric_limits<std::int64_t>::min()); }),
              "-9223372036854775808");
    EXPECT_EQ(written([](json_writer& out) { out.integer(std::numeric_limits<std::uint64_t>::max()); }),
              "18446744073709551615");
    EXPECT_EQ(written([](json_writer& out) { out.integer(std::int8_t{-1}); }), "-1");
    EXPECT_EQ(written([](json_writer& out) { out.integer(std::uint8_t{255}); }), "255");
}

TEST(json_writer, writes_the_shortest_number_that_reads_back) {
    const auto number = [](auto value) { return written([=](json_writer& out) { EXPECT_TRUE(out.number(value)); }); };
    EXPECT_EQ(number(0.1), "0.1");
    EXPECT_EQ(number(0.1f), "0.1");
    EXPECT_EQ(number(2.0), "2");
    EXPECT_EQ(number(-0.0), "-0");
    EXPECT_EQ(number(1e300), "1e+300");
    EXPECT_EQ(number(5e-324), "5e-324");
    EXPECT_EQ(number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
    EXPECT_EQ(number(1.0 / 3), "0.3333333333333333");
}

TEST(json_writer, refuses_nan_and_infinity) {
    const auto number = [](auto value) { return refused([=](json_writer& out) { return out.number(value); }); };
    EXPECT_EQ(number(std::nan("")), "NaN has no JSON form; use std::optional for a number that may be missing");
    EXPECT_EQ(number(std::numeric_limits<float>::quiet_NaN()),
              "NaN has no JSON form; use std::optional for a number that may be missing");
    EXPECT_EQ(number(std::numeric_limits<double>::infinity()),
              "infinity has no JSON form; use std::optional for a number that may be missing");
    EXPECT_EQ(number(-std::numeric_limits<float>::infinity()),
              "infinity has no JSON form; use std::optional for a number that may be missing");
}

TEST(json_writer, escapes_what_must_be_escaped_and_nothing_else) {
    using namespace std::string_view_literals;
    const auto text = [](std::string_view value) {
        return written([=](json_writer& out) { EXPECT_TRUE(out.string(value)); });
    };
    EXPECT_EQ(text(""), "\"\"");
    EXPECT_EQ(text("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
    EXPECT_EQ(text("\0\x01\x1f\x7f"sv), "\"\\u0000\\u0001\\u001f\x7f\"");
    EXPECT_EQ(text("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

TEST(json_writer, escapes_at_every_place_of_every_length) {
    for (std::size_t size = 1; size != 50; ++size) {
        for (std::size_t at = 0; at != size; ++at) {
            std::string value(size, 'x');
            value[at] = '\n';
            std::string expected(size, 'x');
            expected.replace(at, 1, "\\n");
            EXPECT_EQ(written([&](json_writer& out) { EXPECT_TRUE(out.string(value)); }), '"' + expected + '"');
        }
    }
}

TEST(json_writer, refuses_text_that_is_not_utf8) {
    EXPECT_EQ(refused([](json_writer& out) { return out.string("ab\xff"); }),
              "text is not valid UTF-8 at byte 2; send bytes as std::vector<std::byte>");
    EXPECT_NE(refused([](json_writer& out) { return out.string("\xed\xa0\x80"); }), "");
    EXPECT_NE(refused([](json_writer& out) { return out.string("\xc3"); }), "");
    EXPECT_NE(refused([](json_writer& out) {
                  out.begin_object();
                  return out.key("\x80");
              }),
              "");
}

TEST(json_writer, accepts_depth_at_the_limit_and_refuses_one_more) {
    text_buffer out;
    json_writer writer{out, 3};
    EXPECT_TRUE(writer.begin_array());
    EXPECT_TRUE(writer.begin_array());
    EXPECT_TRUE(writer.begin_array());
    EXPECT_FALSE(writer.begin_object());
    EXPECT_EQ(writer.error().message, "nested deeper than 3");
}

TEST(json_writer, appends_behind_what_the_buffer_holds) {
    text_buffer out;
    out.append("header ");
    json_writer writer{out};
    writer.integer(1);
    EXPECT_EQ(out.view(), "header 1");
}

TEST(json_writer, keeps_its_first_error) {
    text_buffer out;
    json_writer writer{out};
    EXPECT_FALSE(writer.fail("first"));
    EXPECT_FALSE(writer.fail("second"));
    writer.at_index(2);
    writer.at_member("list");
    EXPECT_EQ(writer.error().text(), "list[2]: first");
}

TEST(json_writer, writes_long_texts_as_short_ones) {
    for (const std::size_t size : {127u, 128u, 191u, 192u, 193u, 1000u, 50'000u}) {
        const std::string plain(size, 'a');
        EXPECT_TRUE(written([&](json_writer& out) { EXPECT_TRUE(out.string(plain)); }) == '"' + plain + '"');
        for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{64}, size / 2, size - 1}) {
            std::string special = plain, wanted = plain;
            special[at] = '\n';
            wanted.replace(at, 1, "\\n");
            EXPECT_TRUE(written([&](json_writer& out) { EXPECT_TRUE(out.string(special)); }) == '"' + wanted + '"') << at;
            special.replace(at, 1, "\xC3\xA4");
            EXPECT_TRUE(written([&](json_writer& out) { EXPECT_TRUE(out.string(special)); }) == '"' + special + '"') << at;
            special[at + 1] = 'x';
            EXPECT_EQ(refused([&](json_writer& out) { return out.string(special); }),
                      "text is not valid UTF-8 at byte " + std::to_string(at) + "; send bytes as std::vector<std::byte>");
        }
    }
}

TEST(json_writer, leaves_one_large_text_out_of_the_buffer) {
    using farcall::detail::text_apart;
    const std::string large(text_apart::least, 'a'), small(text_apart::least - 1, 'b');
    const auto write = [&](json_writer& out, auto&& string) {
        out.begin_array();
        EXPECT_TRUE(string(small));
        EXPECT_TRUE(string(large + "\n"));
        EXPECT_TRUE(string(large));
        EXPECT_TRUE(string(large));
        out.end_array();
    };
    const std::string wanted =
        "before" + written([&](json_writer& out) { write(out, [&](const std::string& text) { return out.string(text); }); });
    text_buffer text;
    text.append("before");
    json_writer writer{text};
    text_apart apart;
    writer.leave_out(apart);
    write(writer, [&](const std::string& one) { return writer.string_that_stays(one); });
    EXPECT_EQ(apart.text.data(), large.data());
    EXPECT_EQ(text.size(), wanted.size() - large.size());
    text.insert(apart.at, apart.text);
    EXPECT_TRUE(text.view() == wanted);
}
