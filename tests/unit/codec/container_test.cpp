#include <farcall/codec/codecs.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/describe/enum.hpp>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;

namespace container_test {

enum class color { red, green, blue };
BOOST_DESCRIBE_ENUM(color, red, green, blue)
enum class level : unsigned char { low = 1, high = 200 };

struct point {
    int x;
    int y;
    bool operator==(const point&) const = default;
};

}  // namespace container_test

using container_test::color;
using container_test::level;
using container_test::point;

TEST(string, is_text_with_everything_escaped_that_must_be) {
    expect_form(std::string{"a\"b\\c\n"}, R"("a\"b\\c\n")");
    expect_form(std::string{}, "\"\"");
    expect_form(std::string("a\0b", 3), R"("a\u0000b")");
    EXPECT_EQ(decode_error<std::string>("7"), "expected string, found number");
}

TEST(string_view, can_be_written) {
    EXPECT_EQ(encoded(std::string_view{"hi"}), "\"hi\"");
}

TEST(string, of_a_megabyte_survives_with_and_without_escapes) {
    std::string plain(1'000'000, 'x');
    EXPECT_EQ(decoded<std::string>(encoded(plain)), plain);
    for (std::size_t i = 0; i < plain.size(); i += 7) plain[i] = '\n';
    EXPECT_EQ(decoded<std::string>(encoded(plain)), plain);
    std::string umlauts;
    for (int i = 0; i != 200'000; ++i) umlauts += "\xc3\xa4\xe2\x82\xac";
    EXPECT_EQ(decoded<std::string>(encoded(umlauts)), umlauts);
}

TEST(vector, is_an_array) {
    expect_form(std::vector<int>{}, "[]");
    expect_form(std::vector<int>{1, 2, 3}, "[1,2,3]");
    expect_form(std::vector<std::vector<std::string>>{{"a"}, {}}, R"([["a"],[]])");
    expect_form(std::vector<point>{{1, 2}}, R"([{"x":1,"y":2}])");
    EXPECT_EQ(decode_error<std::vector<int>>("{}"), "expected array, found object");
    EXPECT_EQ(decode_error<std::vector<int>>("[1,2,\"3\"]"), "[2]: expected integer, found string");
    EXPECT_EQ(decode_error<std::vector<std::vector<int>>>("[[],[1,true]]"), "[1][1]: expected integer, found boolean");
    EXPECT_EQ(decode_error<std::vector<point>>(R"([{"x":1,"y":2.5}])"), "[0].y: expected integer, found 2.5");
    EXPECT_EQ(encode_error(std::vector<std::vector<std::string>>{{}, {"a", "\xff"}}),
              "[1][1]: text is not valid UTF-8 at byte 0; send bytes as std::vector<std::byte>");
}

TEST(vector, of_fifty_thousand_elements_survives) {
    std::vector<int> many(50'000);
    for (std::size_t i = 0; i != many.size(); ++i) many[i] = static_cast<int>(i * 7919);
    EXPECT_EQ(decoded<std::vector<int>>(encoded(many)), many);
}

TEST(vector, of_bool_is_an_array_of_booleans) {
    expect_form(std::vector<bool>{true, false, true}, "[true,false,true]");
    expect_form(std::vector<bool>{}, "[]");
    EXPECT_EQ(decode_error<std::vector<bool>>("[true,1]"), "[1]: expected boolean, found number");
}

TEST(array, has_an_exact_count) {
    using three = std::array<std::uint32_t, 3>;
    expect_form(three{1, 2, 3}, "[1,2,3]");
    expect_form(std::array<int, 0>{}, "[]");
    EXPECT_EQ(decode_error<three>("[1,2]"), "expected 3 elements, found 2");
    EXPECT_EQ(decode_error<three>("[]"), "expected 3 elements, found 0");
    EXPECT_EQ(decode_error<three>("[1,2,3,4,\"x\"]"), "expected 3 elements, found 5");
    EXPECT_EQ(decode_error<three>("[1,2,3,]"), "malformed: [3]: expected a value, found ']'");
    EXPECT_EQ((decode_error<std::array<int, 1>>("[]")), "expected 1 element, found 0");
    EXPECT_EQ(decode_error<three>("[1,2,-3]"), "[2]: -3 is out of range (0 to 4294967295)");
}

TEST(deque, is_an_array) {
    expect_form(std::deque<std::string>{"a", "b"}, R"(["a","b"])");
}

TEST(list, is_an_array) {
    expect_form(std::list<double>{1.5, 2}, "[1.5,2]");
}

TEST(set, is_an_array_without_repetition) {
    expect_form(std::set<int>{3, 1, 2}, "[1,2,3]");
    EXPECT_EQ((decoded<std::set<int>>("[3,1,2]")), (std::set<int>{1, 2, 3}));
    EXPECT_EQ(decode_error<std::set<int>>("[1,2,1]"), "[2]: repeated element");
    EXPECT_EQ(decode_error<std::set<int>>("[1,null]"), "[1]: expected integer, found null");
}

TEST(unordered_set, is_an_array_without_repetition) {
    expect_form(std::unordered_set<std::string>{"a"}, R"(["a"])");
    EXPECT_EQ((decoded<std::unordered_set<int>>("[3,1,2]")), (std::unordered_set<int>{1, 2, 3}));
    EXPECT_EQ(decode_error<std::unordered_set<int>>("[1,1]"), "[1]: repeated element");
}

TEST(map, of_strings_is_an_object) {
    using map = std::map<std::string, int>;
    expect_form(map{}, "{}");
    expect_form(map{{"b", 2}, {"a b\n", 1}}, R"({"a b\n":1,"b":2})");
    EXPECT_EQ(decode_error<map>(R"({"a":1,"a":2})"), "a: repeated member");
    EXPECT_EQ(decode_error<map>(R"({"a":1,"\u0061":2})"), "a: repeated member");
    EXPECT_EQ(decode_error<map>(R"({"a b":"x"})"), "[\"a b\"]: expected integer, found string");
    EXPECT_EQ(decode_error<map>("[]"), "expected object, found array");
    EXPECT_EQ(encode_error(map{{"\xff", 1}}),
              "text is not valid UTF-8 at byte 0; send bytes as std::vector<std::byte>");
    EXPECT_EQ(encode_error(std::map<std::string, double>{{"a b", 1 / 0.0}}),
              "[\"a b\"]: infinity has no JSON form; use std::optional for a number that may be missing");
}

TEST(map, names_the_member_even_when_its_name_was_escaped) {
    EXPECT_EQ((decode_error<std::map<std::string, std::vector<std::string>>>(R"({"n\u0061me":["\u0062",1]})")),
              "name[1]: expected string, found number");
}

TEST(map, of_integers_has_their_decimal_text_as_names) {
    using map = std::map<int, std::string>;
    expect_form(map{{-5, "a"}, {7, "b"}}, R"({"-5":"a","7":"b"})");
    EXPECT_EQ(decode_error<map>(R"({"x":""})"), "x: expected an integer as key");
    EXPECT_EQ(decode_error<map>(R"({"07":""})"), "[\"07\"]: expected an integer as key");
    EXPECT_EQ(decode_error<map>(R"({"-0":""})"), "[\"-0\"]: expected an integer as key");
    EXPECT_EQ(decode_error<map>(R"({"1.0":""})"), "[\"1.0\"]: expected an integer as key");
    EXPECT_EQ(decode_error<map>(R"({" 1":""})"), "[\" 1\"]: expected an integer as key");
    EXPECT_EQ(decode_error<map>(R"({"":""})"), "[\"\"]: expected an integer as key");
    EXPECT_EQ(decode_error<map>(R"({"2147483648":""})"),
              "[\"2147483648\"]: key is out of range (-2147483648 to 2147483647)");
    EXPECT_EQ(decode_error<map>(R"({"1":2})"), "[\"1\"]: expected string, found number");
}

TEST(map, of_enums_has_their_names_or_numbers) {
    expect_form(std::map<color, int>{{color::red, 1}, {color::blue, 2}}, R"({"red":1,"blue":2})");
    EXPECT_EQ((decode_error<std::map<color, int>>(R"({"pink":1})")),
              "pink: expected one of \"red\", \"green\", \"blue\", found \"pink\"");
    expect_form(std::map<level, int>{{level::high, 1}}, R"({"200":1})");
    EXPECT_EQ((decode_error<std::map<level, int>>(R"({"256":1})")), "[\"256\"]: key is out of range (0 to 255)");
}

TEST(map, of_chars_has_one_character_as_name) {
    expect_form(std::map<char, int>{{'a', 1}, {'"', 2}}, R"({"\"":2,"a":1})");
    EXPECT_EQ((decode_error<std::map<char, int>>(R"({"ab":1})")), "ab: expected a key of one ASCII character");
}

TEST(unordered_map, is_an_object) {
    expect_form(std::unordered_map<std::string, bool>{{"a", true}}, R"({"a":true})");
    EXPECT_EQ((decoded<std::unordered_map<int, int>>(R"({"1":2,"3":4})")),
              (std::unordered_map<int, int>{{1, 2}, {3, 4}}));
    EXPECT_EQ((decode_error<std::unordered_map<std::string, int>>(R"({"a":1,"a":1})")), "a: repeated member");
}

TEST(map, nested_in_everything_else_just_works) {
    using nested = std::map<std::string, std::vector<point>>;
    expect_form(nested{{"a", {{1, 2}, {3, 4}}}, {"b", {}}}, R"({"a":[{"x":1,"y":2},{"x":3,"y":4}],"b":[]})");
    EXPECT_EQ(decode_error<nested>(R"({"a":[{"x":1,"y":2},{"x":3}]})"), "a[1].y: missing member");
}

TEST(pair, is_an_array_of_two) {
    expect_form(std::pair<int, std::string>{1, "a"}, R"([1,"a"])");
    EXPECT_EQ((decode_error<std::pair<int, int>>("[1]")), "expected 2 elements, found 1");
    EXPECT_EQ((decode_error<std::pair<int, int>>("[1,2,3]")), "expected 2 elements, found 3");
    EXPECT_EQ((decode_error<std::pair<int, int>>("[1,{}]")), "[1]: expected integer, found object");
}

TEST(tuple, is_an_array_of_exactly_its_elements) {
    expect_form(std::tuple<>{}, "[]");
    expect_form(std::tuple<int, std::string, bool>{1, "a", true}, R"([1,"a",true])");
    EXPECT_EQ((decode_error<std::tuple<int, int, int>>("[1,2]")), "expected 3 elements, found 2");
    EXPECT_EQ((decode_error<std::tuple<>>("[1]")), "expected 0 elements, found 1");
}

TEST(enumeration, is_a_string_if_described) {
    expect_form(color::green, "\"green\"");
    EXPECT_EQ(decode_error<color>("\"pink\""), "expected one of \"red\", \"green\", \"blue\", found \"pink\"");
    EXPECT_EQ(decode_error<color>("\"Red\""), "expected one of \"red\", \"green\", \"blue\", found \"Red\"");
    EXPECT_EQ(decode_error<color>("1"), "expected string, found number");
    EXPECT_EQ(decode_error<color>("\"" + std::string(1000, 'x') + "\""),
              "expected one of \"red\", \"green\", \"blue\", found \"" + std::string(40, 'x') + "...\"");
    EXPECT_EQ(encode_error(static_cast<color>(9)), "value 9 of container_test::color has no name");
}

TEST(enumeration, is_an_integer_otherwise) {
    expect_form(level::high, "200");
    EXPECT_EQ(decode_error<level>("256"), "256 is out of range (0 to 255)");
    EXPECT_EQ(decode_error<level>("\"high\""), "expected integer, found string");
    expect_form(std::byte{255}, "255");
}

TEST(duration, is_a_count) {
    using namespace std::chrono_literals;
    expect_form(1500ms, "1500");
    expect_form(std::chrono::duration<double>{1.5}, "1.5");
    expect_form(std::chrono::hours{-3}, "-3");
    EXPECT_EQ(decode_error<std::chrono::milliseconds>("1.5"), "expected integer, found 1.5");
    EXPECT_EQ(decode_error<std::chrono::milliseconds>("\"1\""), "expected integer, found string");
}

TEST(path, is_utf8_text) {
    expect_form(std::filesystem::path{"/tmp/a b"}, "\"/tmp/a b\"");
    expect_form(std::filesystem::path{u8"\u00e4"}, "\"\xc3\xa4\"");
    EXPECT_EQ(decode_error<std::filesystem::path>("1"), "expected string, found number");
    EXPECT_EQ(encode_error(std::filesystem::path{"/\xff"}),
              "text is not valid UTF-8 at byte 1; send bytes as std::vector<std::byte>");
}

TEST(null, is_the_form_of_monostate_and_nullptr) {
    expect_form(std::monostate{}, "null");
    EXPECT_EQ(encoded(nullptr), "null");
    EXPECT_EQ(decode_error<std::monostate>("0"), "expected null, found number");
}

TEST(optional, is_its_value_or_null) {
    expect_form(std::optional<int>{}, "null");
    expect_form(std::optional<int>{0}, "0");
    expect_form(std::vector<std::optional<std::string>>{{}, "a"}, R"([null,"a"])");
    EXPECT_EQ(decode_error<std::optional<int>>("\"a\""), "expected integer, found string");
    EXPECT_EQ(decode_error<std::optional<int>>("nil"), "malformed: expected null, found 'i'");
}

TEST(unique_ptr, is_a_deep_copy_or_null) {
    EXPECT_EQ(encoded(std::unique_ptr<int>{}), "null");
    EXPECT_EQ(encoded(std::make_unique<point>(point{1, 2})), R"({"x":1,"y":2})");
    EXPECT_EQ(*decoded<std::unique_ptr<int>>("5"), 5);
    EXPECT_EQ(decoded<std::unique_ptr<int>>("null"), nullptr);
}

TEST(shared_ptr, is_a_deep_copy_or_null) {
    const auto shared = std::make_shared<int>(3);
    EXPECT_EQ(encoded(std::vector<std::shared_ptr<int>>{shared, shared, nullptr}), "[3,3,null]");
    const auto back = decoded<std::vector<std::shared_ptr<int>>>("[3,3,null]");
    EXPECT_EQ(*back[0], 3);
    EXPECT_NE(back[0], back[1]);
    EXPECT_EQ(back[2], nullptr);
    EXPECT_EQ(encoded(std::shared_ptr<const int>{shared}), "3");
}
