#include <farcall/codec/scan.hpp>

#include <farcall/codec/json_reader.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "unit/protocol/exact_text.hpp"

namespace {

using farcall::json_kind;
using farcall::detail::describe;
using farcall::detail::scan;
using farcall::detail::scan_error;
using farcall::detail::scan_result;
using farcall::detail::scan_unescape;
using farcall::detail::scan_value;
using farcall::testing::exact_text;
using farcall::testing::mutated;

struct part {
    std::string name;
    std::string text;
    json_kind kind;

    friend bool operator==(const part&, const part&) = default;
};

struct collector final : farcall::detail::scan_visitor {
    std::vector<part> parts;

    void member(std::string_view name, const scan_value& value) override {
        parts.push_back({std::string{name}, std::string{value.text}, value.kind});
    }
    void element(const scan_value& value) override { parts.push_back({"", std::string{value.text}, value.kind}); }
};

scan_error error_of(std::string_view text, std::size_t depth = 64) { return scan(exact_text{text}, depth).error; }

std::string_view bytes(const char* text, std::size_t size) { return {text, size}; }

const std::vector<std::string> good_texts = {"null",
                                             "true",
                                             "false",
                                             "0",
                                             "-0",
                                             "-12.5e+10",
                                             "1E-9",
                                             "\"\"",
                                             "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
                                             "[]",
                                             "{}",
                                             " [ 1 , 2 ] ",
                                             "{\"a\":{\"b\":[1,{\"c\":null}]},\"\":\"\"}",
                                             "\t\r\n 7 \n",
                                             "\"\x7F\"",
                                             "\"\xE6\xBC\xA2\xF0\x9F\x98\x80\"",
                                             "[[[[[[[[]]]]]]]]",
                                             "{\"a\":1,\"a\":2}",
                                             "\"a\\u0000b\"",
                                             "[0.5,1e2,1E+2,1e-2]",
                                             "123456789012345678901234567890",
                                             "1e400"};

const std::vector<std::string> bad_texts = {"",
                                            " ",
                                            "nul",
                                            "nulll",
                                            "True",
                                            "NaN",
                                            "-Infinity",
                                            "undefined",
                                            "01",
                                            "-",
                                            "-a",
                                            "+1",
                                            ".5",
                                            "1.",
                                            "1.e5",
                                            "1e",
                                            "1e+",
                                            "0x10",
                                            "00",
                                            "1 2",
                                            "\"",
                                            "\"a",
                                            "\"\\x\"",
                                            "\"\\u12\"",
                                            "\"\\u12g4\"",
                                            "\"\\ud800\"",
                                            "\"\\ud800\\u0041\"",
                                            "\"\\udc00\"",
                                            "\"\\ude00\\ud83d\"",
                                            "\"a\tb\"",
                                            "\"\x01\"",
                                            "'a'",
                                            "[",
                                            "]",
                                            "[1",
                                            "[1,",
                                            "[1,]",
                                            "[,1]",
                                            "[1 2]",
                                            "[1}",
                                            "{",
                                            "}",
                                            "{\"a\"",
                                            "{\"a\":",
                                            "{\"a\":1",
                                            "{\"a\":1,",
                                            "{\"a\":1,}",
                                            "{a:1}",
                                            "{1:1}",
                                            "{\"a\" 1}",
                                            "{\"a\":1 \"b\":2}",
                                            "{\"a\":,}",
                                            "{]",
                                            "[]x",
                                            "{}//c",
                                            "/*c*/1",
                                            "\xEF\xBB\xBF{}",
                                            "\"\xFF\"",
                                            "\"\xC0\xAF\"",
                                            "\"\xED\xA0\x80\"",
                                            "\"\xE2\x82\"",
                                            "\xE2\x82",
                                            "\f1",
                                            "\xC2\xA0"
                                            "1",
                                            "1e400.5",
                                            "[1e400,01]",
                                            "1e400e",
                                            "01e400",
                                            "[1e400 1]",
                                            "\"a\" \"b\"",
                                            "{\"\\udc00\":1}",
                                            "[\"\\udc00\"]"};

TEST(scan, accepts_every_form_of_json) {
    for (const std::string& text : good_texts) EXPECT_EQ(error_of(text), scan_error::none) << text;
}

TEST(scan, refuses_what_is_not_json) {
    for (const std::string& text : bad_texts) EXPECT_EQ(error_of(text), scan_error::malformed) << text;
}

TEST(scan, tells_the_members_of_an_object_in_order) {
    collector found;
    const exact_text text{
        " { \"a\" : 1 ,\"m\\u0065thod\":\"x\\n\", \"\" : [1, {\"in\":2}] , \"o\":{\"p\":null},\"t\":true }\n"};
    const scan_result result = scan(text, 64, &found);
    ASSERT_TRUE(result);
    EXPECT_EQ(result.value.kind, json_kind::object);
    EXPECT_EQ(result.value.text.front(), '{');
    EXPECT_EQ(result.value.text.back(), '}');
    EXPECT_EQ(found.parts, (std::vector<part>{{"a", "1", json_kind::number},
                                              {"method", "\"x\\n\"", json_kind::string},
                                              {"", "[1, {\"in\":2}]", json_kind::array},
                                              {"o", "{\"p\":null}", json_kind::object},
                                              {"t", "true", json_kind::boolean}}));
}

TEST(scan, tells_the_elements_of_an_array_in_order) {
    collector found;
    const scan_result result = scan(exact_text{"[ [ ] , {\"a\":[1,2]},-1.5e3 ,null,false,\"s\"]"}, 64, &found);
    ASSERT_TRUE(result);
    EXPECT_EQ(found.parts, (std::vector<part>{{"", "[ ]", json_kind::array},
                                              {"", "{\"a\":[1,2]}", json_kind::object},
                                              {"", "-1.5e3", json_kind::number},
                                              {"", "null", json_kind::null},
                                              {"", "false", json_kind::boolean},
                                              {"", "\"s\"", json_kind::string}}));
}

TEST(scan, says_what_a_lone_value_is) {
    const auto kind = [](std::string_view text) { return scan(text, 1).value.kind; };
    EXPECT_EQ(kind("1"), json_kind::number);
    EXPECT_EQ(kind("\"a\""), json_kind::string);
    EXPECT_EQ(kind("null"), json_kind::null);
    EXPECT_EQ(scan(" 1e400 ", 1).value.text, "1e400");
}

TEST(scan, counts_the_depth_from_the_outermost) {
    EXPECT_EQ(error_of("[[[]]]", 3), scan_error::none);
    EXPECT_EQ(error_of("[[[]]]", 2), scan_error::too_deep);
    EXPECT_EQ(error_of("{\"a\":[{}]}", 3), scan_error::none);
    EXPECT_EQ(error_of("{\"a\":[{}]}", 2), scan_error::too_deep);
    EXPECT_EQ(error_of("1", 0), scan_error::none);
    EXPECT_EQ(error_of("[]", 0), scan_error::too_deep);
    EXPECT_EQ(error_of("[[],[],[[]]]", 3), scan_error::none);
}

// RapidJSON's recursive parser needs a stack frame for each of these.
TEST(scan, refuses_two_hundred_thousand_brackets_without_recursion) {
    EXPECT_EQ(error_of(std::string(200'000, '[')), scan_error::too_deep);
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
    EXPECT_EQ(error_of(objects), scan_error::too_deep);
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    EXPECT_EQ(error_of(deep, 1'000'000), scan_error::none);
}

// RapidJSON's encoding validation lets this through and decodes it to ill-formed bytes.
TEST(scan, refuses_half_of_a_surrogate_pair_wherever_it_stands) {
    for (const char* text :
         {"\"\\uDC00\"", "[\"x\\udfff\"]", "{\"\\udc00\":1}", "{\"a\":{\"b\":[\"\\uDC00\"]}}", "\"\\ude00\\ud83d\"",
          "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\ud800\\ud800\""})
        EXPECT_EQ(error_of(text), scan_error::malformed) << text;
    EXPECT_EQ(error_of("\"\\ud83d\\ude00\""), scan_error::none);
}

// RapidJSON takes a NUL byte for the end of the text, whatever size it was told.
TEST(scan, does_not_stop_at_a_nul_byte) {
    EXPECT_EQ(error_of(bytes("{}\0", 3)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("{}\0{}", 5)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("\0{}", 3)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("[1\0]", 4)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("[\0]", 3)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("1\0", 2)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("\"a\0b\"", 5)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("{\"a\0\":1}", 8)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("nul\0", 4)), scan_error::malformed);
    EXPECT_EQ(error_of(bytes("1e400\0", 6)), scan_error::malformed);
    EXPECT_EQ(scan(bytes("{}\0", 3), 64).reason, "a NUL byte after the value");
}

// RapidJSON's checks of a C string or of an encoding read behind the end; the sanitizer watches the exact buffers.
TEST(scan, reads_nothing_behind_the_end_of_any_cut_text) {
    for (const std::string& text : good_texts)
        for (std::size_t size = 0; size <= text.size(); ++size) (void)error_of(std::string_view{text}.substr(0, size));
    for (const std::string& text : bad_texts)
        for (std::size_t size = 0; size <= text.size(); ++size) (void)error_of(std::string_view{text}.substr(0, size));
}

// RapidJSON refuses numbers beyond double even where it is asked to leave them as text.
TEST(scan, knows_no_number_that_is_too_big) {
    EXPECT_EQ(error_of("1e400"), scan_error::none);
    EXPECT_EQ(error_of("-1e99999999999999"), scan_error::none);
    EXPECT_EQ(error_of("1e-99999999999999"), scan_error::none);
    EXPECT_EQ(error_of(std::string(1000, '9')), scan_error::none);
    EXPECT_EQ(error_of("0." + std::string(1000, '0') + "1"), scan_error::none);

    collector found;
    ASSERT_TRUE(scan(exact_text{"{\"a\":1,\"b\":1e400 , \"c\":[1e999,\"1e400\"],\"\\u0064\":-2E+500}"}, 64, &found));
    EXPECT_EQ(found.parts, (std::vector<part>{{"a", "1", json_kind::number},
                                              {"b", "1e400", json_kind::number},
                                              {"c", "[1e999,\"1e400\"]", json_kind::array},
                                              {"d", "-2E+500", json_kind::number}}));
}

TEST(scan, reads_many_big_numbers_in_linear_time) {
    std::string text = "[";
    for (int i = 0; i < 20'000; ++i) text += "1e400,";
    text += "0]";
    EXPECT_EQ(error_of(text), scan_error::none);
}

TEST(scan, keeps_integers_of_any_size_digit_for_digit) {
    collector found;
    ASSERT_TRUE(
        scan(exact_text{"[18446744073709551615,18446744073709551616,123456789012345678901234567890]"}, 64, &found));
    EXPECT_EQ(found.parts[0].text, "18446744073709551615");
    EXPECT_EQ(found.parts[1].text, "18446744073709551616");
    EXPECT_EQ(found.parts[2].text, "123456789012345678901234567890");
}

TEST(scan, says_where_and_why) {
    const auto told = [](std::string_view text) { return describe(scan(exact_text{text}, 64), 64); };
    EXPECT_EQ(told("{\"a\":1,}"), "not JSON at offset 7: expected a member's name in quotes");
    EXPECT_EQ(told("[1 2]"), "not JSON at offset 3: expected a comma or ] after an element");
    EXPECT_EQ(told("{\"a\":"), "not JSON at offset 5: the text ends too early");
    EXPECT_EQ(told("[\"\xFF\"]"), "not JSON at offset 2: ill-formed UTF-8");
    EXPECT_EQ(told("{} x"), "not JSON at offset 3: more text after the value");
    EXPECT_EQ(
        told(std::string(65, '[')),
        "nested too deep at offset 64: at most 64 arrays and objects inside each other are allowed (limits.depth), the "
        "message itself included");
}

TEST(scan, goes_beyond_its_first_kilobyte_of_memory) {
    const std::string longer(5000, 'x');
    collector found;
    ASSERT_TRUE(scan(exact_text{"{\"" + longer + "\":\"" + longer + "\",\"\\u0061" + longer + "\":1}"}, 64, &found));
    EXPECT_EQ(found.parts[0].name, longer);
    EXPECT_EQ(found.parts[0].text.size(), longer.size() + 2);
    EXPECT_EQ(found.parts[1].name, "a" + longer);
    std::string nested;
    for (int i = 0; i < 500; ++i) nested += "{\"" + longer.substr(0, 20) + "\":[";
    nested += "0";
    for (int i = 0; i < 500; ++i) nested += "]}";
    EXPECT_EQ(error_of(nested, 1000), scan_error::none);
}

TEST(scan, agrees_with_the_pull_reader_on_what_is_json) {
    std::mt19937 random{20240601};
    std::size_t good = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::vector<std::string>& seeds = round % 3 == 0 ? bad_texts : good_texts;
        const exact_text text{
            mutated("{\"k\":[" + seeds[random() % seeds.size()] + ",[\"\\u00e9\",{\"x\":-1.5e3}]]}", random)};
        farcall::json_reader reader{text.view(), 8};
        const bool json = reader.skip_value() && reader.finish();
        const scan_result found = scan(text, 8);
        ASSERT_EQ(json, static_cast<bool>(found))
            << text.view() << "\nscan: " << describe(found, 8) << "\nreader: " << reader.error().message;
        good += json;
    }
    EXPECT_GT(good, 500u);
}

TEST(scan_unescape, gives_the_content_of_a_string) {
    std::string scratch;
    EXPECT_EQ(scan_unescape("\"plain\"", scratch), "plain");
    EXPECT_EQ(scan_unescape("\"\"", scratch), "");
    EXPECT_EQ(scan_unescape("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", scratch), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(scan_unescape("\"\\u0041\\u00e9\\u6f22\\ud83d\\uDE00!\"", scratch),
              "A\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80!");
    EXPECT_EQ(scan_unescape("\"a\\u0000b\"", scratch), bytes("a\0b", 3));
}

}  // namespace
