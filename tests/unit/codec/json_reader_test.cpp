#include <farcall/codec/json_reader.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support.hpp"

using codec_test::exact_text;
using farcall::json_kind;
using farcall::json_reader;

namespace {

/// Skips the whole text; empty, or what is wrong with it.
std::string judge(std::string_view text, std::size_t max_depth = 64) {
    const exact_text copy{text};
    json_reader in{copy.view(), max_depth};
    if (in.skip_value() && in.finish()) return {};
    EXPECT_TRUE(in.error().malformed) << text;
    EXPECT_FALSE(in.ok());
    return in.error().message;
}

std::string read_string(std::string_view text) {
    const exact_text copy{text};
    json_reader in{copy.view()};
    std::string value;
    EXPECT_TRUE(in.string(value) && in.finish()) << text << ": " << in.error().text();
    return value;
}

}  // namespace

TEST(json_reader, tells_the_kind_of_the_next_value) {
    const auto kind = [](std::string_view text) { return json_reader{text}.peek(); };
    EXPECT_EQ(kind(" null"), json_kind::null);
    EXPECT_EQ(kind("\ttrue"), json_kind::boolean);
    EXPECT_EQ(kind("\nfalse"), json_kind::boolean);
    EXPECT_EQ(kind("\r-1"), json_kind::number);
    EXPECT_EQ(kind("9"), json_kind::number);
    EXPECT_EQ(kind("\"\""), json_kind::string);
    EXPECT_EQ(kind("[]"), json_kind::array);
    EXPECT_EQ(kind("{}"), json_kind::object);
    EXPECT_EQ(kind(""), json_kind::none);
    EXPECT_EQ(kind("  "), json_kind::none);
    EXPECT_EQ(kind("]"), json_kind::none);
    EXPECT_EQ(kind("+1"), json_kind::none);
}

TEST(json_reader, accepts_what_rfc_8259_allows) {
    for (std::string_view text : {"null",
                                  "true",
                                  "false",
                                  "0",
                                  "-0",
                                  "1",
                                  "-1",
                                  "10",
                                  "1.5",
                                  "-0.5",
                                  "1e5",
                                  "1E+5",
                                  "1e-5",
                                  "0e0",
                                  "0.0e-0",
                                  "\"\"",
                                  "\"a\"",
                                  "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"",
                                  "\"\\ud83d\\ude00\"",
                                  "[]",
                                  "[ ]",
                                  "[1]",
                                  "[1,2]",
                                  " [ 1 , 2 ] ",
                                  "{}",
                                  "{ }",
                                  "{\"a\":1}",
                                  "{ \"a\" : 1 , \"b\" : [ ] }",
                                  "{\"\":{}}",
                                  "[[],[[]],{}]",
                                  "\t\r\n null \t\r\n",
                                  "[\"\",null]",
                                  "{\"a\":1,\"a\":2}",
                                  "\"\x7f\"",
                                  "\"/\""}) {
        EXPECT_EQ(judge(text), "") << text;
    }
}

TEST(json_reader, refuses_what_rfc_8259_does_not_allow) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", "expected a value, found the end of the text"},
        {"  ", "expected a value, found the end of the text"},
        {"nul", "expected null, found the end of the text"},
        {"nulL", "expected null, found 'L'"},
        {"True", "expected a value, found 'T'"},
        {"falsy", "expected false, found 'y'"},
        {"nullnull", "expected the end of the text, found 'n'"},
        {"1 2", "expected the end of the text, found '2'"},
        {"01", "expected digit, found '1'"},
        {"-", "expected digit, found the end of the text"},
        {"-a", "expected digit, found 'a'"},
        {"-01", "expected digit, found '1'"},
        {"1.", "expected digit, found the end of the text"},
        {"1.e5", "expected digit, found 'e'"},
        {".5", "expected a value, found '.'"},
        {"1e", "expected digit, found the end of the text"},
        {"1e+", "expected digit, found the end of the text"},
        {"+1", "expected a value, found '+'"},
        {"0x10", "expected the end of the text, found 'x'"},
        {"NaN", "expected a value, found 'N'"},
        {"Infinity", "expected a value, found 'I'"},
        {"-Infinity", "expected digit, found 'I'"},
        {"[", "expected a value or ']', found the end of the text"},
        {"[1", "expected ',' or ']', found the end of the text"},
        {"[1,", "expected a value, found the end of the text"},
        {"[1,]", "expected a value, found ']'"},
        {"[,1]", "expected a value, found ','"},
        {"[1 2]", "expected ',' or ']', found '2'"},
        {"[1}", "expected ',' or ']', found '}'"},
        {"]", "expected a value, found ']'"},
        {"{", "expected a member or '}', found the end of the text"},
        {"{1:2}", "expected a member's name in quotes, found '1'"},
        {"{\"a\"}", "expected ':', found '}'"},
        {"{\"a\":}", "expected a value, found '}'"},
        {"{\"a\":1", "expected ',' or '}', found the end of the text"},
        {"{\"a\":1,}", "expected a member's name in quotes, found '}'"},
        {"{,}", "expected a member's name in quotes, found ','"},
        {"{\"a\" 1}", "expected ':', found '1'"},
        {"{\"a\":1]", "expected ',' or '}', found ']'"},
        {"{a:1}", "expected a member's name in quotes, found 'a'"},
        {"'a'", "expected a value, found '''"},
        {"\"", "expected '\"', found the end of the text"},
        {"\"a", "expected '\"', found the end of the text"},
        {"\"\\", "expected escape, found the end of the text"},
        {"\"\\x\"", "unknown escape in a string"},
        {"\"\\U0041\"", "unknown escape in a string"},
        {"\"\\u12\"", "expected four hexadecimal digits behind \\u"},
        {"\"\\u12g4\"", "expected four hexadecimal digits behind \\u"},
        {"\"a\nb\"", "unescaped control character in a string"},
        {"\"\x1f\"", "unescaped control character in a string"},
        {"// comment\n1", "expected a value, found '/'"},
        {"1 /* comment */", "expected the end of the text, found '/'"},
        {"\xef\xbb\xbf[]", "expected a value, found byte 0xef"},
        {"\v1", "expected a value, found byte 0x0b"},
        {"[\xc2\xa0]", "expected a value, found byte 0xc2"},
    };
    for (const auto& [text, message] : cases) EXPECT_EQ(judge(text), message) << text;
}

TEST(json_reader, refuses_a_nul_wherever_it_stands_outside_of_an_escape) {
    using namespace std::string_view_literals;
    EXPECT_EQ(judge("1\0"sv), "expected the end of the text, found byte 0x00");
    EXPECT_EQ(judge("{}\0{}"sv), "expected the end of the text, found byte 0x00");
    EXPECT_EQ(judge("[1,\0 2]"sv), "expected a value, found byte 0x00");
    EXPECT_EQ(judge("\0"sv), "expected a value, found byte 0x00");
    EXPECT_EQ(judge("\"a\0b\""sv), "unescaped control character in a string");
    EXPECT_EQ(read_string("\"a\\u0000b\""), "a\0b"sv);
}

TEST(json_reader, accepts_valid_utf8_at_the_borders_of_every_length) {
    for (std::string_view text :
         {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xec\xbf\xbf", "\xed\x80\x80", "\xed\x9f\xbf",
          "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x8f\xbf\xbf"}) {
        const std::string quoted = '"' + std::string{text} + '"';
        EXPECT_EQ(judge(quoted), "");
        EXPECT_EQ(read_string(quoted), text);
    }
}

TEST(json_reader, refuses_every_kind_of_invalid_utf8_in_strings_and_names) {
    for (std::string_view text : {"\x80",
                                  "\xbf",
                                  "\xc0\x80",
                                  "\xc1\xbf",
                                  "\xc2",
                                  "\xc2 ",
                                  "\xe0\x80\x80",
                                  "\xe0\x9f\xbf",
                                  "\xe0\xa0",
                                  "\xe2\x82",
                                  "\xe2\x28\xa1",
                                  "\xed\xa0\x80",
                                  "\xed\xbf\xbf",
                                  "\xf0\x80\x80\x80",
                                  "\xf0\x8f\xbf\xbf",
                                  "\xf0\x9f\x98",
                                  "\xf4\x90\x80\x80",
                                  "\xf5\x80\x80\x80",
                                  "\xf8\x88\x80\x80\x80",
                                  "\xfe",
                                  "\xff"}) {
        // The sequence stands after every distance from the start, so that each lane of the vector scan meets it.
        for (std::size_t before = 0; before != 34; ++before) {
            const std::string inside = std::string(before, 'a') + std::string{text};
            EXPECT_EQ(judge('"' + inside + '"'), "invalid UTF-8");
            EXPECT_EQ(judge("{\"" + inside + "\":1}"), "invalid UTF-8");
            EXPECT_NE(judge('"' + inside), "");
        }
    }
}

TEST(json_reader, refuses_lone_surrogates) {
    EXPECT_EQ(judge("\"\\uDC00\""), "lone surrogate \\uDC00");
    EXPECT_EQ(judge("\"\\udfff\""), "lone surrogate \\udfff");
    EXPECT_EQ(judge("\"\\ud800\""), "lone surrogate \\ud800");
    EXPECT_EQ(judge("\"\\ud83dx\""), "lone surrogate \\ud83d");
    EXPECT_EQ(judge("\"\\ud83d\\n\""), "lone surrogate \\ud83d");
    EXPECT_EQ(judge("\"\\ud83d\\ud83d\""), "lone surrogate \\ud83d");
    EXPECT_EQ(judge("\"\\ud83d\\u0041\""), "lone surrogate \\ud83d");
    EXPECT_EQ(judge("\"\\ud83d\\ude0\""), "lone surrogate \\ud83d");
    EXPECT_EQ(judge("{\"\\ude00\":1}"), "lone surrogate \\ude00");
}

TEST(json_reader, decodes_every_escape) {
    EXPECT_EQ(read_string(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(read_string(R"("\u0041\u00e4\u20AC\ud83d\ude00\uFFFF")"),
              "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbf");
    EXPECT_EQ(read_string(R"("\udbff\udfff")"), "\xf4\x8f\xbf\xbf");
    EXPECT_EQ(read_string(R"("start\nmiddle\tend")"), "start\nmiddle\tend");
}

TEST(json_reader, reads_strings_of_every_length_with_a_special_at_every_place) {
    for (std::size_t size = 0; size != 50; ++size) {
        const std::string plain(size, 'x');
        EXPECT_EQ(read_string('"' + plain + '"'), plain);
        for (std::size_t at = 0; at != size; ++at) {
            std::string raw = plain;
            std::string expected = plain;
            raw.replace(at, 1, "\\n");
            expected[at] = '\n';
            EXPECT_EQ(read_string('"' + raw + '"'), expected);
            raw = plain;
            raw.replace(at, 1, "\xc3\xa4");
            EXPECT_EQ(read_string('"' + raw + '"'), raw);
            raw[at] = '\x01';
            EXPECT_EQ(judge('"' + raw + '"'), "unescaped control character in a string");
        }
    }
}

TEST(json_reader, gives_views_into_the_text_unless_there_are_escapes) {
    const std::string text = R"(["plain","es\u0063aped"])";
    json_reader in{text};
    std::string_view view;
    ASSERT_TRUE(in.begin_array() && in.next_element() && in.string(view));
    EXPECT_EQ(view, "plain");
    EXPECT_EQ(view.data(), text.data() + 2);
    ASSERT_TRUE(in.next_element() && in.string(view));
    EXPECT_EQ(view, "escaped");
    EXPECT_FALSE(in.next_element());
    EXPECT_TRUE(in.finish());
}

TEST(json_reader, accepts_depth_at_the_limit_and_refuses_one_more) {
    const auto nested = [](std::size_t depth, std::string_view open, std::string_view close) {
        std::string text;
        for (std::size_t i = 0; i != depth; ++i) text += open;
        if (open != "[") text += "1";
        for (std::size_t i = 0; i != depth; ++i) text += close;
        return text;
    };
    for (std::size_t limit : {1u, 2u, 63u, 64u, 65u, 128u, 129u, 1000u}) {
        const std::string message = "nested deeper than " + std::to_string(limit);
        EXPECT_EQ(judge(nested(limit, "[", "]"), limit), "");
        EXPECT_EQ(judge(nested(limit + 1, "[", "]"), limit), message);
        EXPECT_EQ(judge(nested(limit, "{\"a\":", "}"), limit), "");
        EXPECT_EQ(judge(nested(limit + 1, "{\"a\":", "}"), limit), message);
        // Mixed brackets, closed in the wrong order at the innermost place.
        std::string text = nested(limit, "[", "]");
        text[limit] = '}';
        EXPECT_EQ(judge(text, limit), "expected a value, found '}'");
    }
}

TEST(json_reader, tells_brackets_apart_beyond_sixty_four_levels) {
    std::string text;
    std::string closing;
    for (int i = 0; i != 300; ++i) {
        text += i % 3 == 0 ? "{\"a\":" : "[";
        closing.insert(0, i % 3 == 0 ? "}" : "]");
    }
    EXPECT_EQ(judge(text + "1" + closing, 300), "");
    for (std::size_t at = 0; at != closing.size(); ++at) {
        std::string wrong = closing;
        wrong[at] = wrong[at] == ']' ? '}' : ']';
        EXPECT_NE(judge(text + "1" + wrong, 300), "") << at;
    }
}

TEST(json_reader, refuses_a_megabyte_of_brackets_at_the_depth_limit) {
    for (std::string_view piece : {"[", "{\"a\":", "[[],", "{\"a\":{\"b\":"}) {
        std::string text;
        while (text.size() < 1'000'000) text += piece;
        EXPECT_EQ(judge(text), "nested deeper than 64");
    }
    // RapidJSON's recursive parser overflows the stack on this.
    EXPECT_EQ(judge(std::string(200'000, '[')), "nested deeper than 64");
}

TEST(json_reader, reads_integers_exactly) {
    const auto read = [](auto value, std::string_view text) {
        const exact_text copy{text};
        json_reader in{copy.view()};
        EXPECT_TRUE(in.integer(value) && in.finish()) << text << ": " << in.error().text();
        return value;
    };
    EXPECT_EQ(read(std::int64_t{}, "-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(read(std::int64_t{}, "9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(read(std::uint64_t{}, "18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(read(std::uint64_t{}, "1844674407370955161.5e1"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(read(int{}, "0"), 0);
    EXPECT_EQ(read(int{}, "-0"), 0);
    EXPECT_EQ(read(unsigned{}, "-0"), 0u);
    EXPECT_EQ(read(unsigned{}, "-0.0"), 0u);
    EXPECT_EQ(read(int{}, "3.0"), 3);
    EXPECT_EQ(read(int{}, "1e2"), 100);
    EXPECT_EQ(read(int{}, "1.5e1"), 15);
    EXPECT_EQ(read(int{}, "100e-2"), 1);
    EXPECT_EQ(read(int{}, "-2147483648.000"), std::numeric_limits<int>::min());
    EXPECT_EQ(read(int{}, "0e999999999999999999999"), 0);
    EXPECT_EQ(read(int{}, "0.000e-99999999999999999999"), 0);
    EXPECT_EQ(read(int{}, "0.00" + std::string(200, '0') + "7e203"), 7);
    EXPECT_EQ(read(int{}, "7" + std::string(1000, '0') + "e-1000"), 7);
    EXPECT_EQ(read(int{}, "7." + std::string(100'000, '0')), 7);
}

TEST(json_reader, refuses_integers_that_do_not_fit_or_are_none) {
    const auto refuse = []<class T>(T value, std::string_view text) {
        const exact_text copy{text};
        json_reader in{copy.view()};
        const T before = value;
        EXPECT_FALSE(in.integer(value)) << text;
        EXPECT_EQ(value, before);
        EXPECT_FALSE(in.error().malformed) << text;
        EXPECT_EQ(in.error().offset, 0u);
        return in.error().message;
    };
    EXPECT_EQ(refuse(int{}, "2147483648"), "2147483648 is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(refuse(int{}, "-2147483649"), "-2147483649 is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(refuse(std::uint8_t{}, "256"), "256 is out of range (0 to 255)");
    EXPECT_EQ(refuse(std::uint8_t{}, "-1"), "-1 is out of range (0 to 255)");
    EXPECT_EQ(refuse(std::int8_t{}, "-129"), "-129 is out of range (-128 to 127)");
    EXPECT_EQ(refuse(std::int8_t{}, "1.28e2"), "1.28e2 is out of range (-128 to 127)");
    EXPECT_EQ(refuse(std::uint64_t{}, "18446744073709551616"),
              "18446744073709551616 is out of range (0 to 18446744073709551615)");
    EXPECT_EQ(refuse(std::int64_t{}, "9223372036854775808"),
              "9223372036854775808 is out of range (-9223372036854775808 to 9223372036854775807)");
    EXPECT_EQ(refuse(std::int64_t{}, "-9223372036854775809"),
              "-9223372036854775809 is out of range (-9223372036854775808 to 9223372036854775807)");
    EXPECT_EQ(refuse(std::uint64_t{}, "1e20"), "1e20 is out of range (0 to 18446744073709551615)");
    EXPECT_EQ(refuse(int{}, "1e999999999999999999"),
              "1e999999999999999999 is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(refuse(int{}, std::string(1000, '9')),
              std::string(40, '9') + "... is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(refuse(int{}, "3.5"), "expected integer, found 3.5");
    EXPECT_EQ(refuse(int{}, "1e-1"), "expected integer, found 1e-1");
    EXPECT_EQ(refuse(int{}, "1e-99999999999999999999"), "expected integer, found 1e-99999999999999999999");
    EXPECT_EQ(refuse(int{}, "12345678901234567890123.5"), "expected integer, found 12345678901234567890123.5");
    EXPECT_EQ(refuse(int{}, "\"7\""), "expected integer, found string");
    EXPECT_EQ(refuse(int{}, "null"), "expected integer, found null");
    EXPECT_EQ(refuse(int{}, "true"), "expected integer, found boolean");
    EXPECT_EQ(refuse(int{}, "[]"), "expected integer, found array");
    EXPECT_EQ(refuse(int{}, "{}"), "expected integer, found object");
}

TEST(json_reader, calls_a_broken_value_malformed_before_it_calls_it_wrong) {
    const auto malformed = [](std::string_view text) {
        const exact_text copy{text};
        json_reader in{copy.view()};
        int value = 0;
        EXPECT_FALSE(in.integer(value) && in.finish()) << text;
        return in.error().malformed;
    };
    EXPECT_TRUE(malformed("tru"));
    EXPECT_TRUE(malformed("\"abc"));
    EXPECT_TRUE(malformed("[1,]"));
    EXPECT_TRUE(malformed("[\"\\udc00\"]"));
    EXPECT_TRUE(malformed("01"));
    EXPECT_TRUE(malformed("1."));
    EXPECT_TRUE(malformed("-"));
    EXPECT_TRUE(malformed(""));
    EXPECT_TRUE(malformed("00"));
    EXPECT_TRUE(malformed("12a"));
    EXPECT_TRUE(malformed("12 3"));
    EXPECT_FALSE(malformed("true"));
    EXPECT_FALSE(malformed("[1]"));
}

TEST(json_reader, takes_a_member_in_order_only_by_its_exact_text) {
    json_reader in{R"({"a":1,"b":2, "c":3})"};
    int value = 0;
    ASSERT_TRUE(in.begin_object());
    EXPECT_FALSE(in.next_member_if("\"b\":"));
    ASSERT_TRUE(in.next_member_if("\"a\":") && in.integer(value));
    EXPECT_FALSE(in.next_member_if("\"a\":"));
    ASSERT_TRUE(in.next_member_if("\"b\":") && in.integer(value));
    EXPECT_EQ(value, 2);
    EXPECT_FALSE(in.next_member_if("\"c\":"));
    std::string_view name;
    ASSERT_TRUE(in.next_member(name) && in.integer(value));
    EXPECT_EQ(name, "c");
    EXPECT_FALSE(in.next_member_if("\"d\":"));
    EXPECT_FALSE(in.next_member(name));
    EXPECT_TRUE(in.finish());
}

TEST(json_reader, gives_the_text_of_what_it_skips) {
    json_reader in{" [ {\"a\" : [1]} , 2 ] "};
    std::string_view raw;
    ASSERT_TRUE(in.begin_array() && in.next_element() && in.skip_value(raw));
    EXPECT_EQ(raw, "{\"a\" : [1]}");
    ASSERT_TRUE(in.next_element() && in.skip_value(raw));
    EXPECT_EQ(raw, "2");
    EXPECT_FALSE(in.next_element());
    EXPECT_TRUE(in.finish());
}

TEST(json_reader, goes_back_to_a_mark) {
    json_reader in{"[1,[2,3],4]"};
    int value = 0;
    ASSERT_TRUE(in.begin_array() && in.next_element() && in.integer(value) && in.next_element());
    const json_reader::position here = in.mark();
    ASSERT_TRUE(in.skip_value() && in.next_element() && in.integer(value));
    EXPECT_EQ(value, 4);
    in.rewind(here);
    ASSERT_TRUE(in.begin_array() && in.next_element() && in.integer(value));
    EXPECT_EQ(value, 2);
    EXPECT_EQ(in.depth(), 2u);
}

TEST(json_reader, keeps_its_first_error_and_fails_from_then_on) {
    json_reader in{"[1,2]"};
    ASSERT_TRUE(in.begin_array());
    ASSERT_TRUE(in.next_element());
    EXPECT_FALSE(in.fail("first"));
    EXPECT_FALSE(in.fail("second"));
    int value = 0;
    double number = 0;
    std::string text;
    bool yes = false;
    EXPECT_FALSE(in.integer(value));
    EXPECT_FALSE(in.number(number));
    EXPECT_FALSE(in.string(text));
    EXPECT_FALSE(in.boolean(yes));
    EXPECT_FALSE(in.next_element());
    EXPECT_FALSE(in.begin_array());
    EXPECT_FALSE(in.skip_value());
    EXPECT_FALSE(in.finish());
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.error().message, "first");
}

TEST(json_reader, composes_the_path_from_the_inside_out) {
    json_reader in{"x"};
    EXPECT_FALSE(in.fail("wrong"));
    in.at_member("price");
    in.at_index(3);
    in.at_member("lines");
    EXPECT_EQ(in.error().text(), "lines[3].price: wrong");
    in.at_member("a b");
    EXPECT_EQ(in.error().path, "[\"a b\"].lines[3].price");
    in.at_index(0);
    EXPECT_EQ(in.error().path, "[0][\"a b\"].lines[3].price");
}

TEST(json_reader, quotes_and_cuts_names_in_a_path) {
    const auto path = [](std::string_view name) {
        json_reader in{"x"};
        in.fail("wrong");
        in.at_member(name);
        return in.error().path;
    };
    EXPECT_EQ(path("plain_1"), "plain_1");
    EXPECT_EQ(path("1st"), "[\"1st\"]");
    EXPECT_EQ(path(""), "[\"\"]");
    EXPECT_EQ(path("a.b"), "[\"a.b\"]");
    EXPECT_EQ(path("q\"\\\n"), "[\"q\\\"\\\\\\u000a\"]");
    EXPECT_EQ(path("\xc3\xa4"), "[\"\xc3\xa4\"]");
    EXPECT_EQ(path(std::string(100'000, 'n')), "[\"" + std::string(64, 'n') + "...\"]");
    EXPECT_EQ(path(std::string(64, 'n')), std::string(64, 'n'));
}

TEST(json_reader, says_where_the_culprit_stands) {
    const auto offset = [](std::string_view text) {
        const exact_text copy{text};
        json_reader in{copy.view()};
        EXPECT_FALSE(in.skip_value() && in.finish());
        return in.error().offset;
    };
    EXPECT_EQ(offset("[1, x]"), 4u);
    EXPECT_EQ(offset("[1"), 2u);
    EXPECT_EQ(offset("\"ab\xff\""), 3u);
    EXPECT_EQ(offset("[\"\\q\"]"), 2u);
    EXPECT_EQ(offset("{} 1"), 3u);
}
