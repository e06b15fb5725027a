#include <string>

#include <gtest/gtest.h>

#include <farcall/codec/codecs.hpp>
#include <farcall/error.hpp>

#include <exit_status.hpp>
#include <hint.hpp>
#include <output.hpp>

namespace {

using farcall::error;
using farcall::executed;
using farcall::json;
using farcall::origin;
using farcall::status;
using tool::exit_status;

error from_peer(status what, std::string message) {
    return error{what, std::move(message)}.with_origin(origin::peer).with_executed(executed::no).with_code(-32601).with_method("Calculator.add");
}

tool::description calculator() {
    return std::get<tool::description>(tool::read_description(*json::parse(
        R"({"methods":[{"name":"Calculator.add","params":[{"name":"a","required":true,"schema":{"type":"integer"}}]},
                       {"name":"Calculator.divide","params":[]}]})")));
}

TEST(exit_status, tells_who_is_to_blame) {
    EXPECT_EQ(tool::exit_status_of(from_peer(status::invalid_argument, "")), exit_status::refused);
    EXPECT_EQ(tool::exit_status_of(error::application(7, "").with_origin(origin::peer)), exit_status::refused);
    EXPECT_EQ(tool::exit_status_of(from_peer(status::internal, "")), exit_status::refused);
    EXPECT_EQ(tool::exit_status_of(from_peer(status::unavailable, "")), exit_status::unreachable);
    EXPECT_EQ(tool::exit_status_of(from_peer(status::deadline_exceeded, "")), exit_status::timed_out);
    EXPECT_EQ(tool::exit_status_of(error{status::unavailable, ""}), exit_status::unreachable);
    EXPECT_EQ(tool::exit_status_of(error{status::deadline_exceeded, ""}), exit_status::timed_out);
    EXPECT_EQ(tool::exit_status_of(error{status::invalid_argument, ""}), exit_status::usage);
    EXPECT_EQ(tool::exit_status_of(error{status::internal, ""}), exit_status::not_understood);
}

TEST(hint, names_the_nearest_method_where_the_server_did_not) {
    const tool::request asked{.url = "h:1", .method = "Calculator.ad"};
    const tool::description known = calculator();
    const error silent = from_peer(status::unimplemented, "Method not found");
    EXPECT_TRUE(tool::wants_description(silent));
    EXPECT_EQ(tool::hint_for(silent, asked, &known), "did you mean Calculator.add?");
    EXPECT_EQ(tool::hint_for(silent, asked, nullptr), "farcall list h:1 shows the methods");
    EXPECT_EQ(tool::hint_for(silent, {.url = "h:1", .method = "other"}, &known), "farcall list h:1 shows the methods");
    const error helpful = from_peer(status::unimplemented, "no method Calculator.ad; did you mean Calculator.add?");
    EXPECT_FALSE(tool::wants_description(helpful));
    EXPECT_EQ(tool::hint_for(helpful, asked, nullptr), "");
    EXPECT_EQ(tool::no_such_method("divid", "h:1", known).hint, "did you mean Calculator.divide?");
    EXPECT_EQ(tool::no_such_method("calculater", "h:1", known).hint, "did you mean Calculator?");
}

TEST(hint, shows_what_a_method_takes) {
    const tool::request asked{.url = "h:1", .method = "Calculator.add", .arguments = {"5"}};
    const tool::description known = calculator();
    const error misfit = from_peer(status::invalid_argument, "Calculator.add takes 2 arguments (a, b), found 1");
    EXPECT_TRUE(tool::wants_description(misfit));
    EXPECT_EQ(tool::hint_for(misfit, asked, &known), "it is Calculator.add(a: integer)");
    EXPECT_EQ(tool::hint_for(misfit, asked, nullptr), "farcall describe h:1 Calculator.add shows what it takes");
}

TEST(hint, explains_quotes_and_brackets) {
    const error text = from_peer(status::invalid_argument, "params[0]: expected string, found number");
    EXPECT_NE(tool::hint_for(text, {.arguments = {"5"}}, nullptr).find("'\"5\"'"), std::string::npos);
    const error list = from_peer(status::invalid_argument, "expected array, found number");
    EXPECT_NE(tool::hint_for(list, {.arguments = {"[1,2]"}}, nullptr).find("'[[...]'"), std::string::npos);
    EXPECT_EQ(tool::hint_for(list, {.arguments = {"[[1,2]]"}}, nullptr).find("brackets"), std::string::npos);
}

TEST(hint, has_no_method_names_for_what_http_refused) {
    const error refused = error{status::unimplemented, "HTTP 404 Not Found"}.with_origin(origin::peer);
    EXPECT_FALSE(tool::wants_description(refused));
    EXPECT_EQ(tool::hint_for(refused, {.method = "add"}, nullptr), "");
    EXPECT_EQ(tool::failure_text(refused, ""), "farcall: HTTP 404 Not Found (unimplemented)\n");
}

TEST(hint, knows_what_to_do_about_local_failures) {
    EXPECT_NE(tool::hint_for(error{status::deadline_exceeded, ""}, {}, nullptr).find("--timeout"), std::string::npos);
    EXPECT_NE(tool::hint_for(error{status::internal, ""}, {}, nullptr).find("scheme"), std::string::npos);
    EXPECT_EQ(tool::hint_for(error{status::unavailable, ""}, {}, nullptr), "");
    EXPECT_FALSE(tool::wants_description(error{status::unavailable, ""}));
    EXPECT_FALSE(tool::wants_description(error{status::invalid_argument, ""}));
}

TEST(failure_text, says_all_that_is_known) {
    const error thrown = error{status::unknown, error::details{.message = "Division by zero",
                                                               .type = "division_by_zero",
                                                               .value = R"({"dividend":1})",
                                                               .path = "/0",
                                                               .retry_after = std::chrono::milliseconds{50}}}
                             .with_origin(origin::peer)
                             .with_code(-32000)
                             .with_method("Calculator.divide");
    EXPECT_EQ(tool::failure_text(thrown, "try another"),
              "farcall: Calculator.divide: Division by zero (unknown, code -32000)\n"
              "  type: division_by_zero\n"
              "  value: {\"dividend\":1}\n"
              "  path: /0\n"
              "  retry after: 50 ms\n"
              "  hint: try another\n");
    EXPECT_EQ(tool::failure_json(error::application(7, "no", R"({"a":1})")),
              "{\"error\":{\"code\":7,\"message\":\"no\",\"data\":{\"a\":1}}}\n");
}

TEST(failure_text, does_not_name_the_method_twice) {
    EXPECT_EQ(tool::failure_text(from_peer(status::invalid_argument, "Calculator.add takes 2").with_code(-32602), ""),
              "farcall: Calculator.add takes 2 (invalid_argument, code -32602)\n");
}

TEST(failure_text, tells_whether_the_method_may_have_run) {
    const error lost = error{status::unavailable, "lost"}.with_executed(executed::unknown);
    EXPECT_NE(tool::failure_text(lost, "").find("executed: unknown"), std::string::npos);
    EXPECT_EQ(tool::failure_text(lost.with_executed(executed::no), ""), "farcall: lost\n");
}

TEST(printable, escapes_what_controls_a_terminal) {
    EXPECT_EQ(tool::printable("a\x1b[31m\r\n\t\x7f"), "a\\u001b[31m\\u000d\\n\\t\\u007f");
    EXPECT_EQ(tool::printable("\xc2\x9b" "31m"), "\\u009b31m");
    EXPECT_EQ(tool::printable("a\n\tb\x1b", true), "a\n\tb\\u001b");
    EXPECT_EQ(tool::printable("\u00e9\u20ac"), "\u00e9\u20ac");
    EXPECT_EQ(tool::printable(std::string_view{"\0", 1}), "\\u0000");
    EXPECT_EQ(tool::printable("\xc2"), "\\xc2");
    EXPECT_EQ(tool::printable("\x9b" "31m"), "\\x9b31m") << "a control, where a terminal is told Latin-1";
}

TEST(printable, escapes_what_turns_or_hides_text) {
    EXPECT_EQ(tool::printable("a\u202eb\u2066c\u200bd\u2028e\ufeff", true), "a\\u202eb\\u2066c\\u200bd\\u2028e\\ufeff");
    EXPECT_EQ(tool::printable("\U000e0041"), "\\udb40\\udc41");
}

TEST(printable, keeps_the_value_of_json) {
    const std::string evil = "{\"\u009b\":\"\x7f\u202e\\n\u00e9\"}";
    EXPECT_EQ(tool::printable_json(evil), "{\"\\u009b\":\"\\u007f\\u202e\\n\u00e9\"}");
    EXPECT_EQ(tool::failure_json(error::application(7, "\u009b31m")), "{\"error\":{\"code\":7,\"message\":\"\\u009b31m\"}}\n");
}

TEST(result_text, is_a_string_itself_or_json) {
    EXPECT_EQ(tool::result_text(json{"Hello"}, false), "Hello");
    EXPECT_EQ(tool::result_text(json{8}, false), "8");
    EXPECT_EQ(tool::result_text(json{}, false), "null");
    EXPECT_EQ(tool::result_text(json{std::vector<int>{1, 2}}, false), "[1,2]");
    EXPECT_EQ(tool::result_text(json{"\x1b[31m"}, false), "\x1b[31m");
    EXPECT_EQ(tool::result_text(json{"\x1b[31m"}, true), "\\u001b[31m");
}

TEST(result_text, breaks_what_is_long) {
    const std::string word(60, 'x');
    const auto value = json::parse("{\"a\":[\"" + word + "\",\"" + word + "\"],\"b\":{},\"c\\n\":[1,2]}");
    EXPECT_EQ(tool::result_text(*value, false), "{\n  \"a\": [\n    \"" + word + "\",\n    \"" + word +
                                                    "\"\n  ],\n  \"b\": {},\n  \"c\\n\": [1,2]\n}");
}

}  // namespace
