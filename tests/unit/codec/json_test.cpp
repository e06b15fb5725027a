#include <farcall/codec/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encoded;
using codec_test::expect_form;
using farcall::json;
using farcall::json_kind;

namespace json_test {
struct envelope {
    std::string name;
    json body;
    std::optional<json> extra;
};
}  // namespace json_test
using json_test::envelope;

TEST(json, is_null_by_default) {
    EXPECT_EQ(json{}.text(), "null");
    EXPECT_EQ(json{}.kind(), json_kind::null);
}

TEST(json, is_null_after_it_was_moved_away) {
    json from{std::string(100, 'x')};
    const json to = std::move(from);
    EXPECT_EQ(to.text().size(), 102u);
    EXPECT_EQ(from.text(), "null");  // NOLINT: that it is valid is what is tested
}

TEST(json, gives_the_text_of_a_temporary_value_as_a_string_of_its_own) {
    static_assert(std::is_same_v<decltype(json{}.text()), std::string>);
    const auto text = json{std::string(100, 'x')}.text();
    EXPECT_EQ(text, '"' + std::string(100, 'x') + '"');
    const json kept{7};
    static_assert(std::is_same_v<decltype(kept.text()), std::string_view>);
}

TEST(json, is_made_of_any_value_that_has_a_form) {
    EXPECT_EQ(json{42}.text(), "42");
    EXPECT_EQ(json{"a\"b"}.text(), R"("a\"b")");
    EXPECT_EQ(json{std::string{"s"}}.text(), "\"s\"");
    EXPECT_EQ((json{std::map<std::string, std::vector<int>>{{"a", {1, 2}}}}).text(), R"({"a":[1,2]})");
    EXPECT_EQ(json{nullptr}.text(), "null");
}

TEST(json, of_a_value_without_a_form_is_an_error) {
    try {
        json refused{1 / 0.0};
        FAIL();
    } catch (const farcall::error& error) {
        EXPECT_EQ(error.status(), farcall::status::invalid_argument);
        EXPECT_EQ(error.message(), "infinity has no JSON form; use std::optional for a number that may be missing");
    }
}

TEST(json, parses_and_drops_white_space_outside_of_strings) {
    const std::optional<json> value = json::parse(" { \"a b\" :\r\n [ 1 ,\t2 , \" \\\" \\\\ \" ] } ");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->text(), R"({"a b":[1,2," \" \\ "]})");
}

TEST(json, refuses_what_is_no_json) {
    farcall::codec_error problem;
    EXPECT_FALSE(json::parse("{} {}", problem));
    EXPECT_TRUE(problem.malformed);
    EXPECT_EQ(problem.offset, 3u);
    EXPECT_FALSE(json::parse(""));
    EXPECT_FALSE(json::parse("[\"\\udc00\"]"));
    EXPECT_FALSE(json::parse(std::string(65, '[') + std::string(65, ']')));
    EXPECT_TRUE(json::parse(std::string(64, '[') + std::string(64, ']')));
}

TEST(json, keeps_numbers_as_they_are_written) {
    EXPECT_EQ(json::parse("123456789012345678901234567890.10")->text(), "123456789012345678901234567890.10");
}

TEST(json, tells_its_kind) {
    EXPECT_EQ(json::parse("true")->kind(), json_kind::boolean);
    EXPECT_EQ(json::parse("-1")->kind(), json_kind::number);
    EXPECT_EQ(json::parse("\"\"")->kind(), json_kind::string);
    EXPECT_EQ(json::parse("[]")->kind(), json_kind::array);
    EXPECT_EQ(json::parse("{}")->kind(), json_kind::object);
}

TEST(json, is_read_as_a_value) {
    const json value = *json::parse(R"({"a":[1,2]})");
    EXPECT_EQ((value.as<std::map<std::string, std::vector<int>>>()),
              (std::map<std::string, std::vector<int>>{{"a", {1, 2}}}));
    EXPECT_EQ(value["a"][1].as<int>(), 2);
    try {
        (void)value.as<std::map<std::string, std::vector<std::string>>>();
        FAIL();
    } catch (const farcall::error& error) {
        EXPECT_EQ(error.message(), "a[0]: expected string, found number");
    }
    int number = 0;
    farcall::codec_error problem;
    EXPECT_FALSE(value.to(number, problem));
    EXPECT_EQ(problem.text(), "expected integer, found object");
}

TEST(json, gives_its_parts) {
    const json value = *json::parse(R"({"a":[1,{"b":null}],"\u00e4":3,"a":4})");
    EXPECT_EQ(value.size(), 3u);
    EXPECT_EQ(value["a"].text(), R"([1,{"b":null}])");
    EXPECT_EQ(value["a"].size(), 2u);
    EXPECT_EQ(value["\xc3\xa4"].as<int>(), 3);
    EXPECT_EQ(value["a"][0].as<int>(), 1);
    EXPECT_EQ(value["none"].kind(), json_kind::null);
    EXPECT_EQ(value["a"][7].kind(), json_kind::null);
    EXPECT_TRUE(value["a"][1].find("b"));
    EXPECT_FALSE(value.find("none"));
    EXPECT_FALSE(value.find(0));
    EXPECT_FALSE(json{7}.find("a"));
    EXPECT_EQ(json{7}.size(), 0u);
    EXPECT_EQ(json::parse("[]")->size(), 0u);
    EXPECT_EQ(json::parse("{}")->size(), 0u);
}

TEST(json, is_equal_by_its_text) {
    EXPECT_EQ(*json::parse("[1, 2]"), json{(std::vector<int>{1, 2})});
    EXPECT_NE(*json::parse("1.0"), json{1});
}

TEST(json, passes_through_other_values_unchanged) {
    const envelope value = decoded<envelope>(R"({"name":"n","body":{ "x" : [ 1e3 ] }})");
    EXPECT_EQ(value.body.text(), R"({"x":[1e3]})");
    EXPECT_FALSE(value.extra);
    EXPECT_EQ(encoded(value), R"({"name":"n","body":{"x":[1e3]},"extra":null})");
    EXPECT_EQ(decode_error<envelope>(R"({"name":"n"})"), "body: missing member");
    EXPECT_EQ(decode_error<envelope>(R"({"name":"n","body":[1,]})"), "malformed: body: expected a value, found ']'");
    expect_form(json{"x"}, "\"x\"");
}
