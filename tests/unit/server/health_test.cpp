#include <farcall/server/health.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using farcall::detail::health;
using farcall::detail::text_buffer;

std::string told(const health& wanted, std::string_view service = {}) {
    text_buffer out;
    wanted.append(out, service);
    return std::string{out.view()};
}

TEST(health, wants_calls_only_while_the_server_runs) {
    health wanted;
    wanted.add_service("Calculator");
    EXPECT_EQ(wanted.serving(""), false);
    EXPECT_EQ(wanted.serving("Calculator"), false);
    wanted.enter(health::phase::running);
    EXPECT_EQ(wanted.serving(""), true);
    EXPECT_EQ(wanted.serving("Calculator"), true);
    wanted.enter(health::phase::draining);
    EXPECT_EQ(wanted.serving(""), false);
    EXPECT_EQ(wanted.serving("Calculator"), false);
    EXPECT_TRUE(wanted.set("", true));
    EXPECT_EQ(wanted.serving(""), false);
}

TEST(health, keeps_services_and_server_apart) {
    health wanted;
    wanted.add_service("A");
    wanted.add_service("B");
    wanted.enter(health::phase::running);
    EXPECT_TRUE(wanted.set("A", false));
    EXPECT_EQ(wanted.serving("A"), false);
    EXPECT_EQ(wanted.serving("B"), true);
    EXPECT_EQ(wanted.serving(""), true);
    EXPECT_TRUE(wanted.set("", false));
    EXPECT_EQ(wanted.serving(""), false);
    EXPECT_EQ(wanted.serving("B"), true);
    EXPECT_FALSE(wanted.set("C", true));
    EXPECT_EQ(wanted.serving("C"), std::nullopt);
}

TEST(health, is_told_as_json) {
    health wanted;
    EXPECT_EQ(told(wanted), R"({"status":"not_serving","services":{}})");
    wanted.add_service("A");
    wanted.add_service("B\"");
    wanted.enter(health::phase::running);
    wanted.set("A", false);
    EXPECT_EQ(told(wanted), R"({"status":"serving","services":{"A":"not_serving","B\"":"serving"}})");
    EXPECT_EQ(told(wanted, "A"), R"({"status":"not_serving"})");
}

}  // namespace
