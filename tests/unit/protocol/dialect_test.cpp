#include <farcall/protocol/dialect.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using farcall::testing::exact_text;

constexpr std::size_t depth = 64;

dialect form_of(std::string_view text) {
    dialect_reader reader;
    const exact_text exact{text};
    return reader.read(exact, depth) ? reader.request().form : dialect::none;
}

TEST(dialect, is_told_by_the_members_that_only_it_has) {
    EXPECT_EQ(form_of(R"({"method":"add","params":[5,3],"id":1})"), dialect::json_rpc_1);
    EXPECT_EQ(form_of(R"({"id":null,"method":"add","params":[]})"), dialect::json_rpc_1);
    EXPECT_EQ(form_of(R"({"method":"add","params":[5],"kwargs":{"b":3}})"), dialect::keyword);
    EXPECT_EQ(form_of(R"({"method":"add","kwargs":{}})"), dialect::keyword);
    EXPECT_EQ(form_of(R"({"request_id":"a","method":"add","params":[5,3],"timestamp":1.5,"service":"C"})"),
              dialect::envelope);
    EXPECT_EQ(form_of(R"({"request_id":7,"method":"add"})"), dialect::envelope);
}

TEST(dialect, is_never_what_a_version_2_request_without_its_version_may_be) {
    EXPECT_EQ(form_of(R"({"method":"ping","id":1})"), dialect::none);
    EXPECT_EQ(form_of(R"({"method":"note","params":["x"]})"), dialect::none);
    EXPECT_EQ(form_of(R"({"method":"add","params":{"a":1},"id":1})"), dialect::none);
    EXPECT_EQ(form_of(R"({"jsonrpc":"1.0","method":"add","params":[],"id":1})"), dialect::none);
    EXPECT_EQ(form_of(R"({"jsonrpc":"2.0","method":"add","params":[],"kwargs":{},"request_id":1})"), dialect::none);
    EXPECT_EQ(form_of(R"({"JSONRPC":"2.0","method":"ping","id":1})"), dialect::none);
    EXPECT_EQ(form_of("{}"), dialect::none);
    EXPECT_EQ(form_of("{bad"), dialect::none);
    EXPECT_EQ(form_of("[1]"), dialect::none);
}

TEST(dialect, request_is_read_as_it_stands) {
    dialect_reader reader;
    const exact_text text{
        R"({"service":"Calc\u0075lator","method":"a\u0064d","params":[5],"kwargs":{"b":3},"request_id":"x\n"})"};
    ASSERT_TRUE(reader.read(text, depth));
    EXPECT_EQ(reader.request().service, "Calculator");
    EXPECT_EQ(reader.request().method, "add");
    EXPECT_EQ(reader.request().params, "[5]");
    EXPECT_EQ(reader.request().kwargs, R"({"b":3})");
    EXPECT_EQ(reader.request().id, R"("x\n")");
    EXPECT_EQ(reader.request().problem, "");
    EXPECT_FALSE(reader.request().notification());
}

TEST(dialect, version_1_with_a_null_id_is_a_notification) {
    dialect_reader reader;
    ASSERT_TRUE(reader.read(R"({"id":null,"method":"add","params":[]})", depth));
    EXPECT_TRUE(reader.request().notification());
    ASSERT_TRUE(reader.read(R"({"id":0,"method":"add","params":[]})", depth));
    EXPECT_FALSE(reader.request().notification());
    ASSERT_TRUE(reader.read(R"({"method":"add","kwargs":{}})", depth));
    EXPECT_FALSE(reader.request().notification());
}

TEST(dialect, says_what_is_wrong_with_a_request) {
    const auto problem = [](std::string_view text) {
        dialect_reader reader;
        EXPECT_TRUE(reader.read(exact_text{text}, depth)) << text;
        return reader.request().problem;
    };
    EXPECT_EQ(problem(R"({"request_id":1})"), R"("method" is missing, or no string: name it, as in "method":"add")");
    EXPECT_EQ(problem(R"({"kwargs":{},"method":5})"), R"("method" is missing, or no string: name it, as in "method":"add")");
    EXPECT_EQ(problem(R"({"request_id":1,"method":"a","params":5})"),
              R"("params" must be an array or an object, found number)");
    EXPECT_EQ(problem(R"({"method":"a","kwargs":[]})"), R"("kwargs" must be an object, found array)");
    EXPECT_EQ(problem(R"({"method":"a","kwargs":{},"method":"b"})"), R"("method" is there twice: send it once)");
    EXPECT_EQ(problem(R"({"request_id":1,"method":"a","params":null,"kwargs":null})"), "");
}

std::string answer(dialect form, std::string_view id, std::string_view response) {
    text_buffer out;
    append_dialect_reply(out, form, id, exact_text{response}, std::chrono::microseconds{1'700'000'000'000'042});
    return std::string{out.view()};
}

constexpr std::string_view good = R"({"jsonrpc":"2.0","id":1,"result":{"error":[8]}})";
constexpr std::string_view bad =
    R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no \"x\"","data":{"message":"inner"}}})";

TEST(dialect, answers_have_exactly_the_members_of_their_form) {
    EXPECT_EQ(answer(dialect::json_rpc_1, "7", good), R"({"result":{"error":[8]},"error":null,"id":7})");
    EXPECT_EQ(answer(dialect::keyword, "", good), R"({"result":{"error":[8]}})");
    EXPECT_EQ(answer(dialect::envelope, R"("a")", good),
              R"({"request_id":"a","result":{"error":[8]},"error":null,"timestamp":1700000000.000042})");
}

TEST(dialect, errors_are_texts_but_in_version_1) {
    EXPECT_EQ(answer(dialect::json_rpc_1, "7", bad),
              R"({"result":null,"error":{"code":-32601,"message":"no \"x\"","data":{"message":"inner"}},"id":7})");
    EXPECT_EQ(answer(dialect::keyword, "", bad), R"({"error":"no \"x\""})");
    EXPECT_EQ(answer(dialect::envelope, "", bad),
              R"({"request_id":null,"result":null,"error":"no \"x\"","timestamp":1700000000.000042})");
}

TEST(dialect, arguments_by_position_get_the_names_of_their_parameters) {
    constexpr std::array<std::string_view, 3> names{"a", "b", ""};
    text_buffer scratch;
    const auto join = [&](std::string_view params, std::string_view kwargs) {
        return join_arguments(exact_text{params}, exact_text{kwargs}, names, scratch).has_value()
                   ? std::string{*join_arguments(params, kwargs, names, scratch)}
                   : "(none)";
    };
    EXPECT_EQ(join("[5,3]", ""), "[5,3]");
    EXPECT_EQ(join("[5,3]", "{ }"), "[5,3]");
    EXPECT_EQ(join("", R"({"a":5})"), R"({"a":5})");
    EXPECT_EQ(join("[ ]", R"({"a":5})"), R"({"a":5})");
    EXPECT_EQ(join("[5]", R"({"b":3})"), R"({"a":5,"b":3})");
    EXPECT_EQ(join(R"([[1,2],{"x":"]"}])", R"({"c\"":null})"), R"({"a":[1,2],"b":{"x":"]"},"c\"":null})");
    EXPECT_EQ(join(R"({"a":5})", R"({"b":3})"), R"({"a":5,"b":3})");
    EXPECT_EQ(join("[5]", R"({"a":3})"), R"({"a":5,"a":3})");  // refused as a repeated member
    EXPECT_EQ(join("[1,2,3]", R"({"d":3})"), "(none)");
    EXPECT_EQ(join("[]", "{}"), "[]");
}

}  // namespace
