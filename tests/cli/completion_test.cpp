#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <completion.hpp>

namespace {

using farcall::json;
using words = std::vector<std::string>;

std::optional<tool::description> server_at(const std::string& url) {
    if (url != "h:1") return std::nullopt;
    return std::get<tool::description>(tool::read_description(*json::parse(
        R"({"methods":[{"name":"Calculator.add","params":[{"name":"a"},{"name":"b"}]},
                       {"name":"Calculator.divide","params":[{"name":"x"}],"paramStructure":"by-position"},
                       {"name":"echo","params":[]}]})")));
}

words after(const words& typed) { return tool::complete(typed, server_at); }

TEST(completion, offers_commands_and_options) {
    EXPECT_EQ(after({""}), (words{"call", "completion", "describe", "help", "list", "top"}));
    EXPECT_EQ(after({"c"}), (words{"call", "completion"}));
    EXPECT_EQ(after({"--j"}), words{"--json"});
    EXPECT_EQ(after({"call", "h:1", "--"}), (words{"--header", "--help", "--interval", "--json", "--once", "--timeout", "--version"}));
    EXPECT_EQ(after({"completion", ""}), (words{"bash", "fish", "zsh"}));
    EXPECT_TRUE(after({"completion", "bash", ""}).empty());
    EXPECT_TRUE(after({}).empty());
}

TEST(completion, offers_the_methods_of_the_server) {
    EXPECT_EQ(after({"call", "h:1", ""}), (words{"Calculator.add", "Calculator.divide", "echo"}));
    EXPECT_EQ(after({"call", "h:1", "Calculator.a"}), words{"Calculator.add"});
    EXPECT_EQ(after({"describe", "h:1", "C"}), (words{"Calculator", "Calculator.add", "Calculator.divide"}));
    EXPECT_TRUE(after({"call", "down:1", ""}).empty());
    EXPECT_TRUE(after({"list", "h:1", ""}).empty());
    EXPECT_TRUE(after({"call", ""}).empty());
    EXPECT_TRUE(after({"call", "h:1", "x"}).empty());
}

TEST(completion, passes_over_options) {
    EXPECT_EQ(after({"--timeout", "2s", "call", "--json", "h:1", "-H", "a: b", "e"}), words{"echo"});
    EXPECT_EQ(after({"call", "--timeout=2s", "h:1", "e"}), words{"echo"});
    EXPECT_EQ(after({"call", "--", "h:1", "e"}), words{"echo"});
    EXPECT_TRUE(after({"call", "h:1", "--timeout", ""}).empty());
}

TEST(completion, offers_the_names_of_arguments) {
    EXPECT_EQ(after({"call", "h:1", "Calculator.add", ""}), (words{"a=", "b="}));
    EXPECT_EQ(after({"call", "h:1", "Calculator.add", "a=5", ""}), words{"b="});
    EXPECT_TRUE(after({"call", "h:1", "Calculator.add", "a=5"}).empty());
    EXPECT_TRUE(after({"call", "h:1", "Calculator.divide", ""}).empty());
    EXPECT_TRUE(after({"call", "h:1", "unknown", ""}).empty());
    EXPECT_TRUE(after({"describe", "h:1", "echo", ""}).empty());
}

TEST(completion, offers_no_name_that_a_shell_would_understand) {
    std::string methods;
    for (const char* name : {"Calc.x;id", "Calc.$(id)", "Calc.`id`", "$HOME", "Calc.a b", "Calc.a\\nb", "Calc.*", "~", "--header",
                             "Calc.a|b", "Calc.a&b", "Calc.>f", "Calc.\\\\x", "Calc.'x", "Calc.\\\"x", "!x", "{a,b}", "#x", "Calc.\u00e9", ""})
        methods += R"({"name":")" + std::string{name} + R"(","params":[]},)";
    const std::string text = R"({"methods":[)" + methods + R"({"name":".x","params":[]},)" +
                             R"_({"name":"a-B_9.c","params":[{"name":"$(id)"},{"name":"x"}]}]})_";
    const auto server = [&](const std::string&) -> std::optional<tool::description> {
        return std::get<tool::description>(tool::read_description(*json::parse(text)));
    };
    EXPECT_EQ(tool::complete({"call", "h:1", ""}, server), (words{".x", "a-B_9.c"}));
    EXPECT_EQ(tool::complete({"describe", "h:1", ""}, server), (words{".x", "a-B_9", "a-B_9.c"}));
    EXPECT_EQ(tool::complete({"call", "h:1", "a-B_9.c", ""}, server), words{"x="});
}

TEST(completion, has_scripts_for_three_shells) {
    for (const char* shell : {"bash", "zsh", "fish"})
        EXPECT_NE(tool::completion_script(shell).find("__complete"), std::string_view::npos) << shell;
    EXPECT_TRUE(tool::completion_script("tcsh").empty());
}

}  // namespace
