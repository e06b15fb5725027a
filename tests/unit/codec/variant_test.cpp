#include <farcall/codec/variant.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support.hpp"

using codec_test::decode_error;
using codec_test::decoded;
using codec_test::encode_error;
using codec_test::encoded;
using codec_test::expect_form;
using farcall::coding;
using farcall::json_encodable;

namespace variant_test {

struct circle {
    double radius;
    bool operator==(const circle&) const = default;
};
struct square {
    double side;
    bool operator==(const square&) const = default;
};
using shape = std::variant<circle, square>;

struct expression;
using operand = std::variant<int, std::unique_ptr<expression>>;
struct expression {
    std::string sign;
    std::vector<operand> operands;
};

template <class T>
struct box {
    T content;
};

struct celsius {
    double degrees;
};

struct refuses_to_be_made {
    explicit refuses_to_be_made(int) { throw 1; }
    std::string text;
};

}  // namespace variant_test

template <>
struct farcall::codec<variant_test::celsius> {
    static constexpr json_kinds kinds = json_kind::number;
    static constexpr std::string_view name = "temperature";
    static bool encode(json_writer& out, const variant_test::celsius& value) { return out.number(value.degrees); }
    static bool decode(json_reader& in, variant_test::celsius& value) { return in.number(value.degrees); }
};

template <>
struct farcall::codec<variant_test::refuses_to_be_made> {
    static constexpr json_kinds kinds = json_kind::object;
    static bool encode(json_writer& out, const variant_test::refuses_to_be_made&) { return out.null(); }
};

using namespace variant_test;

TEST(variant, is_the_bare_value_where_the_kind_tells_the_alternative) {
    using some = std::variant<std::monostate, bool, int, std::string, std::vector<int>, circle>;
    expect_form(some{}, "null");
    expect_form(some{true}, "true");
    expect_form(some{3}, "3");
    expect_form(some{std::string{"s"}}, "\"s\"");
    expect_form(some{std::vector<int>{1}}, "[1]");
    expect_form(some{circle{1.5}}, R"({"radius":1.5})");
    EXPECT_EQ(decode_error<some>("3.5"), "expected integer, found 3.5");
    EXPECT_EQ(decode_error<some>(R"({"side":1})"), "radius: missing member");
}

TEST(variant, lists_the_kinds_that_it_takes) {
    EXPECT_EQ((decode_error<std::variant<int, std::string>>("[]")), "expected number or string, found array");
    EXPECT_EQ((decode_error<std::variant<int, std::string>>("null")), "expected number or string, found null");
    EXPECT_EQ((decode_error<std::variant<std::monostate, bool>>("1")), "expected null or boolean, found number");
    EXPECT_EQ((decode_error<std::variant<int, std::string>>("")),
              "malformed: expected number or string, found the end of the text");
}

TEST(variant, is_tagged_where_the_kind_does_not_tell) {
    expect_form(shape{circle{2}}, R"({"type":"circle","value":{"radius":2}})");
    expect_form(shape{square{3}}, R"({"type":"square","value":{"side":3}})");
    expect_form(std::variant<int, double>{2.0}, R"({"type":"double","value":2})");
    expect_form(std::variant<int, double>{2}, R"({"type":"int32","value":2})");
    expect_form(std::variant<std::uint8_t, std::int64_t>{std::int64_t{-1}}, R"({"type":"int64","value":-1})");
    expect_form(std::variant<std::monostate, circle, square>{}, R"({"type":"null","value":null})");
    expect_form(std::variant<std::string, char>{'c'}, R"({"type":"char","value":"c"})");
    EXPECT_EQ((encoded(std::variant<box<int>, circle>{box<int>{1}})), R"({"type":"box","value":{"content":1}})");
}

TEST(variant, takes_tag_and_value_in_any_order) {
    EXPECT_EQ(decoded<shape>(R"({"value":{"side":3},"type":"square"})"), (shape{square{3}}));
    EXPECT_EQ(
        decoded<shape>(R"( { "extra" : [1] , "value" : { "side" : 3 } , "more" : 2, "type" : "square" , "z" : {} } )"),
        (shape{square{3}}));
    EXPECT_EQ((decoded<std::vector<shape>>(
                  R"([{"value":{"side":3},"type":"square"},{"type":"circle","value":{"radius":1}}])")),
              (std::vector<shape>{square{3}, circle{1}}));
}

TEST(variant, says_what_is_wrong_with_tag_or_value) {
    EXPECT_EQ(decode_error<shape>("{}"), "type: missing member");
    EXPECT_EQ(decode_error<shape>(R"({"type":"circle"})"), "value: missing member");
    EXPECT_EQ(decode_error<shape>(R"({"value":{"side":3}})"), "type: missing member");
    EXPECT_EQ(decode_error<shape>(R"({"type":"oval","value":1})"),
              "type: expected one of \"circle\", \"square\", found \"oval\"");
    EXPECT_EQ(decode_error<shape>(R"({"type":7,"value":1})"), "type: expected string, found number");
    EXPECT_EQ(decode_error<shape>(R"({"type":"circle","value":{"radius":"x"}})"),
              "value.radius: expected number, found string");
    EXPECT_EQ(decode_error<shape>(R"({"value":{"radius":"x"},"type":"circle"})"),
              "value.radius: expected number, found string");
    EXPECT_EQ(decode_error<shape>(R"({"type":"circle","type":"circle","value":1})"), "type: repeated member");
    EXPECT_EQ(decode_error<shape>(R"({"value":1,"value":1,"type":"circle"})"), "value: repeated member");
    EXPECT_EQ(decode_error<shape>(R"({"value":[1,],"type":"circle"})"),
              "malformed: value: expected a value, found ']'");
    EXPECT_EQ(decode_error<shape>("3"), "expected object, found number");
    EXPECT_EQ(encode_error(std::variant<int, double>{1 / 0.0}),
              "value: infinity has no JSON form; use std::optional for a number that may be missing");
}

TEST(variant, uses_the_name_that_a_codec_chooses) {
    expect_form(std::variant<int, std::string>{1}, "1");
    EXPECT_EQ((encoded(std::variant<double, celsius>{celsius{20}})), R"({"type":"temperature","value":20})");
    EXPECT_EQ((encoded(std::variant<std::string, celsius>{celsius{20}})), "20");
}

TEST(variant, may_be_recursive) {
    expression sum{"+", {}};
    sum.operands.emplace_back(1);
    auto product = std::make_unique<expression>(expression{"*", {}});
    product->operands.emplace_back(2);
    product->operands.emplace_back(3);
    sum.operands.emplace_back(std::move(product));
    const std::string text = R"({"sign":"+","operands":[1,{"sign":"*","operands":[2,3]}]})";
    EXPECT_EQ(encoded(sum), text);
    EXPECT_EQ(encoded(decoded<expression>(text)), text);
}

TEST(variant, with_the_value_before_the_tag_at_every_level_takes_no_exponential_time) {
    struct nest {
        std::vector<std::variant<circle, nest>> inside;
    };
    std::string text = R"({"inside":[]})";
    for (int i = 0; i != 20; ++i) text = R"({"inside":[{"value":)" + text + R"(,"type":"nest"}]})";
    EXPECT_EQ(decoded<nest>(text).inside.size(), 1u);
}

TEST(variant, that_cannot_be_told_apart_has_no_json_form) {
    static_assert(!json_encodable<std::variant<int, int>>);
    static_assert(!json_encodable<std::variant<std::vector<int>, std::vector<double>>>);
    static_assert(json_encodable<std::variant<std::vector<int>, std::string>>);
    static_assert(farcall::detail::json_problem<std::variant<int, int>, coding::decoding>::reason.starts_with(
        "two of its alternatives have the same JSON name"));
}

TEST(variant, without_a_value_cannot_be_written) {
    std::variant<std::string, celsius, refuses_to_be_made> value{"a"};
    EXPECT_ANY_THROW(value.emplace<refuses_to_be_made>(1));
    ASSERT_TRUE(value.valueless_by_exception());
    EXPECT_EQ(encode_error(value), "a variant that lost its value has no JSON form");
}
