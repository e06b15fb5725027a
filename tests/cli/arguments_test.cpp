#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <arguments.hpp>

namespace {

using farcall::json;
using tool::mistake;
using words = std::vector<std::string>;

std::string read(const words& typed) {
    const auto made = tool::read_arguments(typed);
    if (const auto* wrong = std::get_if<mistake>(&made)) return "refused: " + wrong->message;
    return std::string{std::get<json>(made).text()};
}

TEST(arguments, come_by_position) {
    EXPECT_EQ(read({}), "[]");
    EXPECT_EQ(read({"5", "3"}), "[5,3]");
    EXPECT_EQ(read({"-5", "1e3", "true", "null", "2.50"}), "[-5,1e3,true,null,2.50]");
    EXPECT_EQ(read({"[1, 2]", "{\"a\": 1}"}), "[[1,2],{\"a\":1}]");
}

TEST(arguments, come_by_name) {
    EXPECT_EQ(read({"a=5", "b=3"}), R"({"a":5,"b":3})");
    EXPECT_EQ(read({"from={\"iban\":\"DE1\"}", "_x1=Ada"}), R"({"from":{"iban":"DE1"},"_x1":"Ada"})");
    EXPECT_EQ(read({"a="}), R"({"a":""})");
    EXPECT_EQ(read({"a=b=c"}), R"({"a":"b=c"})");
    EXPECT_EQ(read({"a=[1,2]"}), R"({"a":[1,2]})");
}

TEST(arguments, are_text_where_they_are_no_json) {
    EXPECT_EQ(read({"Ada"}), R"(["Ada"])");
    EXPECT_EQ(read({"Ada Lovelace", "it's \\ \n"}), R"(["Ada Lovelace","it's \\ \n"])");
    EXPECT_EQ(read({"007", "+5", "0x10", "NaN", ""}), R"(["007","+5","0x10","NaN",""])");
    EXPECT_EQ(read({"http://h/?a=b", "1=2", "a-b=c"}), R"(["http://h/?a=b","1=2","a-b=c"])");
    EXPECT_EQ(read({"\"5\"", "\"x=y\""}), R"(["5","x=y"])");
    EXPECT_EQ(read({"\u00e9"}), "[\"\u00e9\"]");
}

TEST(arguments, are_all_in_a_single_array_or_object) {
    EXPECT_EQ(read({"[5, 3]"}), "[5,3]");
    EXPECT_EQ(read({" {\"a\": 5}"}), R"({"a":5})");
    EXPECT_EQ(read({"[[1,2]]"}), "[[1,2]]");
    EXPECT_EQ(read({"[]"}), "[]");
    EXPECT_EQ(read({"5"}), "[5]");
}

TEST(arguments, are_refused_where_they_are_mixed_or_repeated) {
    EXPECT_EQ(read({"a=5", "3"}), "refused: arguments come by position or by name, not both: a=5 and 3");
    EXPECT_EQ(read({"5", "b=3"}), "refused: arguments come by position or by name, not both: 5 and b=3");
    EXPECT_EQ(read({"[5]", "b=3"}), "refused: arguments come by position or by name, not both: [5] and b=3");
    EXPECT_EQ(read({"a=5", "b=1", "a=6"}), "refused: the argument a is there twice");
}

TEST(arguments, that_begin_like_json_must_be_json) {
    for (const std::string wrong : {"[5,", "{\"a\"}", "\"x", "[draft]", "{a:5}", "[1] 2"}) {
        EXPECT_NE(read({wrong}).find("is no JSON"), std::string::npos) << wrong;
        EXPECT_NE(read({"a=" + wrong}).find("is no JSON"), std::string::npos) << wrong;
    }
    EXPECT_NE(read({std::string(600, '[') + std::string(600, ']')}).find("is no JSON"), std::string::npos);
    EXPECT_NE(read({"\xff"}).find("is not UTF-8"), std::string::npos);
}

TEST(arguments, can_come_from_standard_input) {
    EXPECT_TRUE(tool::from_standard_input({"-"}));
    EXPECT_FALSE(tool::from_standard_input({"-", "-"}));
    EXPECT_FALSE(tool::from_standard_input({}));
    EXPECT_EQ(std::get<json>(tool::read_arguments_text(" [5,\n3]\n")).text(), "[5,3]");
    EXPECT_EQ(std::get<json>(tool::read_arguments_text("{}")).text(), "{}");
    EXPECT_EQ(std::get<mistake>(tool::read_arguments_text("5")).message, "standard input holds neither an array nor an object");
    EXPECT_EQ(std::get<mistake>(tool::read_arguments_text("")).message.find("standard input is no JSON"), 0u);
    EXPECT_EQ(std::get<mistake>(tool::read_arguments_text("[5][6]")).message.find("standard input is no JSON"), 0u);
}

}  // namespace
