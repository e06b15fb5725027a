#include <farcall/protocol/hello.hpp>

#include <gtest/gtest.h>

#include <string>

#include "unit/protocol/exact_text.hpp"

namespace {

using namespace farcall::detail;
using farcall::testing::exact_text;
using namespace std::chrono_literals;

std::string written(const hello_answer& answer) {
    text_buffer out;
    append_hello_answer(out, answer);
    return std::string{out.view()};
}

TEST(hello, asks_for_a_session_in_the_words_that_a_server_reads) {
    EXPECT_TRUE(hello_wants_session(session_hello_params));
    EXPECT_TRUE(hello_wants_session(R"({"session":"new","later":{"a":[1]}})"));
    EXPECT_FALSE(hello_wants_session(R"({"features":["session"]})"));
    EXPECT_FALSE(hello_wants_session(R"({"session":"old"})"));
    EXPECT_FALSE(hello_wants_session(R"({"session":null})"));
}

TEST(hello, params_of_another_form_ask_for_nothing) {
    for (const char* odd : {"", "[]", "null", "{", R"({"session":"new")", R"({"session":"new"}x)", R"(["new"])"}) {
        const exact_text text{odd};
        EXPECT_FALSE(hello_wants_session(text.view())) << odd;
    }
    std::string deep = R"({"session":"new","x":)";
    for (int i = 0; i < 100'000; ++i) deep += '[';
    EXPECT_FALSE(hello_wants_session(deep));
}

TEST(hello, an_answer_is_read_as_it_was_written) {
    const std::string text = written({.session = "00ff", .window = 512, .lease = 10min});
    EXPECT_EQ(text, R"({"farcall":1,"features":["cancel","goaway","ping","session"],"session":"00ff","window":512,)"
                    R"("lease_ms":600000})");
    hello_answer read;
    std::string problem;
    EXPECT_TRUE(read_hello_answer(text, read, problem)) << problem;
    EXPECT_EQ(read.session, "00ff");
    EXPECT_EQ(read.window, 512u);
    EXPECT_EQ(read.lease, 10min);
}

TEST(hello, an_answer_without_a_session_says_only_what_the_server_can) {
    EXPECT_EQ(written({}), R"({"farcall":1,"features":["cancel","goaway","ping","session"]})");
}

TEST(hello, an_answer_that_holds_no_usable_session_is_refused_with_the_reason) {
    const std::string long_name(65, 'x');
    for (const std::string& odd :
         {std::string{"null"}, std::string{"{}"}, std::string{"[]"}, std::string{R"({"session":"a"})"},
          std::string{R"({"window":1})"}, std::string{R"({"session":"","window":1})"},
          std::string{R"({"session":7,"window":1})"}, std::string{R"({"session":"a","window":0})"},
          std::string{R"({"session":"a","window":-1})"}, std::string{R"({"session":"a","window":"1"})"},
          std::string{R"({"session":"a","window":1,"lease_ms":-5})"}, std::string{R"({"session":"a","window":1} )"} + "x",
          R"({"session":")" + long_name + R"(","window":1})"}) {
        const exact_text text{odd};
        hello_answer read;
        std::string problem;
        EXPECT_FALSE(read_hello_answer(text.view(), read, problem)) << odd;
        EXPECT_FALSE(problem.empty()) << odd;
    }
    hello_answer read;
    std::string problem;
    EXPECT_FALSE(read_hello_answer(R"({"session":"a","window":"many"})", read, problem));
    EXPECT_EQ(problem.find("result.window: "), 0u) << problem;
}

TEST(hello, a_lease_beyond_all_clocks_is_cut) {
    hello_answer read;
    std::string problem;
    EXPECT_TRUE(read_hello_answer(R"({"session":"a","window":1,"lease_ms":18446744073709551615})", read, problem));
    EXPECT_GT(read.lease, 1h);
}

}  // namespace
