#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <command_line.hpp>

namespace {

using namespace std::chrono_literals;
using tool::action;
using tool::mistake;
using tool::request;
using words = std::vector<std::string>;

request read(const words& typed) {
    auto made = tool::read_command_line(typed);
    if (auto* wrong = std::get_if<mistake>(&made)) {
        ADD_FAILURE() << wrong->message;
        return {};
    }
    return std::get<request>(made);
}

mistake refused(const words& typed) {
    auto made = tool::read_command_line(typed);
    if (auto* wrong = std::get_if<mistake>(&made)) return *wrong;
    ADD_FAILURE() << "it was taken";
    return {};
}

TEST(command_line, reads_each_command) {
    EXPECT_EQ(read({"list", "tcp://h:1"}).action, action::list);
    EXPECT_EQ(read({"list", "tcp://h:1"}).url, "tcp://h:1");
    EXPECT_EQ(read({"describe", "h:1"}).action, action::describe);
    EXPECT_EQ(read({"describe", "h:1"}).method, "");
    EXPECT_EQ(read({"describe", "h:1", "Calculator"}).method, "Calculator");
    const request call = read({"call", "h:1", "Calculator.add", "5", "3"});
    EXPECT_EQ(call.action, action::call);
    EXPECT_EQ(call.method, "Calculator.add");
    EXPECT_EQ(call.arguments, (words{"5", "3"}));
    EXPECT_EQ(read({"completion", "bash"}).arguments, words{"bash"});
    EXPECT_EQ(read({"help"}).action, action::help);
    EXPECT_EQ(read({"call", "--help"}).action, action::help);
    EXPECT_EQ(read({"-h"}).action, action::help);
    EXPECT_EQ(read({"--version"}).action, action::version);
}

TEST(command_line, reads_what_top_is_told) {
    const request made = read({"top", "h:1", "--once", "--json", "--interval", "500ms"});
    EXPECT_EQ(made.action, action::top);
    EXPECT_EQ(made.url, "h:1");
    EXPECT_TRUE(made.once);
    EXPECT_TRUE(made.json);
    EXPECT_EQ(made.interval, 500ms);
    EXPECT_EQ(read({"top", "h:1"}).interval, std::nullopt);
    EXPECT_NE(refused({"top"}).message.find("URL is missing"), std::string::npos);
    EXPECT_NE(refused({"top", "h:1", "m"}).message.find("too much"), std::string::npos);
    for (const char* interval : {"50ms", "none", "soon", "0"})
        EXPECT_NE(refused({"top", "h:1", "--interval", interval}).message.find("cannot be used"), std::string::npos) << interval;
    EXPECT_NE(refused({"list", "h:1", "--once"}).message.find("of top only"), std::string::npos);
}

TEST(command_line, takes_options_in_every_place) {
    for (const words& typed : {words{"--timeout", "2s", "call", "h:1", "m", "5"}, words{"call", "--timeout=2s", "h:1", "m", "5"},
                               words{"call", "h:1", "m", "5", "--timeout", "2s"}}) {
        const request made = read(typed);
        EXPECT_EQ(made.timeout, 2000ms);
        EXPECT_EQ(made.arguments, words{"5"});
    }
    EXPECT_TRUE(read({"list", "h:1", "--json"}).json);
    EXPECT_FALSE(read({"list", "h:1"}).json);
    EXPECT_EQ(read({"list", "h:1"}).timeout, std::nullopt);
}

TEST(command_line, leaves_arguments_as_they_are_typed) {
    const words odd{"-5", "-1e3", "[1,2]", "[]", "{}", "%%", "++", "", "a b", "a=[1,2]", "list", "call", "x=", "-"};
    words typed{"call", "h:1", "m"};
    typed.insert(typed.end(), odd.begin(), odd.end());
    EXPECT_EQ(read(typed).arguments, odd);
}

TEST(command_line, takes_no_option_behind_two_dashes) {
    EXPECT_EQ(read({"call", "h:1", "m", "--", "--json", "-x", "--"}).arguments, (words{"--json", "-x", "--"}));
    EXPECT_EQ(read({"call", "--json", "--", "h:1", "m", "-x"}).arguments, words{"-x"});
}

TEST(command_line, reads_headers) {
    const request made = read({"call", "h:1", "m", "-H", "tenant: a7", "x=1", "--header", "Trace:  1:2 "});
    EXPECT_EQ(made.headers.get("tenant"), "a7");
    EXPECT_EQ(made.headers.get("trace"), "1:2");
    EXPECT_EQ(made.arguments, words{"x=1"});
    EXPECT_EQ(refused({"list", "h:1", "-H", "tenant"}).message, "the header tenant has no colon");
    EXPECT_NE(refused({"list", "h:1", "-H", "two words: x"}).message.find("cannot travel"), std::string::npos);
    EXPECT_NE(refused({"list", "h:1", "-H", "a: \n"}).message.find("control characters"), std::string::npos);
    EXPECT_NE(refused({"list", "h:1", "-H"}).message.find("--header"), std::string::npos);
}

TEST(command_line, says_what_is_missing_and_what_is_too_much) {
    EXPECT_EQ(refused({}).message, "no command is given");
    EXPECT_EQ(refused({"call"}).message, "URL is missing behind call");
    EXPECT_EQ(refused({"call", "h:1"}).message, "METHOD is missing behind call");
    EXPECT_EQ(refused({"list", "h:1", "more"}).message, "more is too much");
    EXPECT_EQ(refused({"describe", "h:1", "m", "more"}).hint, "usage: farcall describe URL [METHOD]");
    EXPECT_EQ(refused({"completion"}).message, "the shell is missing behind completion");
}

TEST(command_line, suggests_the_nearest_command_and_option) {
    EXPECT_EQ(refused({"lst", "h:1"}).hint, "did you mean list?");
    EXPECT_EQ(refused({"descibe", "h:1"}).hint, "did you mean describe?");
    EXPECT_EQ(refused({"h:1", "Calculator.add"}).hint, "the command comes first: farcall list URL");
    EXPECT_EQ(refused({"entirely"}).hint, "farcall --help shows what there is");
    EXPECT_EQ(refused({"call", "h:1", "m", "--tiemout", "3"}).message, "there is no option --tiemout");
    EXPECT_EQ(refused({"call", "h:1", "m", "--tiemout", "3"}).hint.find("did you mean --timeout?"), 0u);
    EXPECT_EQ(refused({"call", "h:1", "m", "-x"}).message, "there is no option -x");
}

TEST(command_line, leaves_words_that_are_typed_half_to_completion) {
    const request made = read({"__complete", "call", "--ti", ""});
    EXPECT_EQ(made.action, action::complete);
    EXPECT_EQ(made.arguments, (words{"call", "--ti", ""}));
}

TEST(command_line, reads_times) {
    EXPECT_EQ(tool::read_time("2s"), 2000ms);
    EXPECT_EQ(tool::read_time("2"), 2000ms);
    EXPECT_EQ(tool::read_time("1.5"), 1500ms);
    EXPECT_EQ(tool::read_time("500ms"), 500ms);
    EXPECT_EQ(tool::read_time("0.1ms"), 1ms);
    EXPECT_EQ(tool::read_time("2m"), 120'000ms);
    EXPECT_EQ(tool::read_time("none"), 0ms);
    for (const char* wrong : {"", "0", "-1s", "s", "2 s", "2h", "2sx", "1e3", "nan", "inf", "0x10", "99999999999999999999", " 2s"})
        EXPECT_EQ(tool::read_time(wrong), std::nullopt) << wrong;
    EXPECT_NE(refused({"list", "h:1", "--timeout", "soon"}).hint.find("500ms"), std::string::npos);
    EXPECT_NE(refused({"list", "h:1", "--timeout"}).message.find("--timeout"), std::string::npos);
    EXPECT_NE(refused({"list", "h:1", "--timeout", "1s", "--timeout", "2s"}).message.find("--timeout"), std::string::npos);
    EXPECT_NE(refused({"list", "h:1", "--timeout", ""}).message.find("cannot be read"), std::string::npos);
}

}  // namespace
