#include <farcall/interceptor/token_auth.hpp>

#include "support.hpp"

namespace {

using namespace interceptor_test;
using farcall::token_auth;
using farcall::token_owner;

const token_auth door{std::vector<token_owner>{{"s3cret", "ada"}, {"other", "grace"}}, {"rpc.discover"}};

/// The principal, or what the call is refused with.
std::string pass(const token_auth& auth, std::string_view authorization, std::string method = "Calculator.add") {
    const lane where;
    intercepted_call made = where.make(std::move(method));
    if (!authorization.empty()) made.headers.set("Authorization", authorization);
    try {
        auth.before(made);
    } catch (const error& why) {
        return std::string{to_string(why.status())};
    }
    return made.principal.empty() ? "nobody" : made.principal;
}

TEST(token_auth, knows_whose_token_it_is) {
    EXPECT_EQ(pass(door, "Bearer s3cret"), "ada");
    EXPECT_EQ(pass(door, "Bearer other"), "grace");
    EXPECT_EQ(pass(door, "bearer   s3cret"), "ada");
}

TEST(token_auth, refuses_everything_else) {
    for (const char* wrong : {"", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cretx", "Bearer S3CRET", "s3cret",
                              "Basic s3cret", "Bearers3cret", "Bearer s3cret ", " Bearer s3cret", "Bearer ada"})
        EXPECT_EQ(pass(door, wrong), "unauthenticated") << wrong;
}

TEST(token_auth, says_what_to_do_and_not_what_was_sent) {
    const lane where;
    intercepted_call made = where.make();
    made.headers.set("authorization", "Bearer swordfish");
    try {
        door.before(made);
        FAIL();
    } catch (const error& why) {
        EXPECT_EQ(why.message().find("swordfish"), std::string::npos);
    }
}

TEST(token_auth, lets_exempt_methods_pass_and_knows_their_callers_all_the_same) {
    EXPECT_EQ(pass(door, "", "rpc.discover"), "nobody");
    EXPECT_EQ(pass(door, "Bearer wrong", "rpc.discover"), "nobody");
    EXPECT_EQ(pass(door, "Bearer s3cret", "rpc.discover"), "ada");
    EXPECT_EQ(pass(door, "", "rpc.discove"), "unauthenticated");
    EXPECT_EQ(pass(door, "", "rpc.discover2"), "unauthenticated");
}

TEST(token_auth, asks_a_function) {
    const token_auth asking{[](std::string_view token) -> std::optional<std::string> {
        if (token == "banned") throw error{status::permission_denied, "no more"};
        if (token == "anonymous") return "";
        if (token == "good") return "ada";
        return std::nullopt;
    }};
    EXPECT_EQ(pass(asking, "Bearer good"), "ada");
    EXPECT_EQ(pass(asking, "Bearer bad"), "unauthenticated");
    EXPECT_EQ(pass(asking, "Bearer anonymous"), "unauthenticated");
    EXPECT_EQ(pass(asking, "Bearer banned"), "permission_denied");
}

TEST(token_auth, refuses_a_list_that_would_open_the_door) {
    for (const token_owner& wrong : {token_owner{"", "ada"}, token_owner{"s3cret", ""}})
        EXPECT_THROW(token_auth{std::vector{wrong}}, error);
}

TEST(token_auth, does_not_take_over_a_principal_from_the_call_before) {
    const lane where;
    intercepted_call made = where.make("rpc.discover");
    made.principal = "the connection's";
    door.before(made);
    EXPECT_EQ(made.principal, "the connection's") << "it was proved by other means";
}

TEST(same_secret, compares_texts) {
    EXPECT_TRUE(farcall::same_secret("", ""));
    EXPECT_TRUE(farcall::same_secret("abc", "abc"));
    for (const char* other : {"", "ab", "abd", "bbc", "abcd", "ABC"}) EXPECT_FALSE(farcall::same_secret("abc", other));
    EXPECT_FALSE(farcall::same_secret(std::string_view{"a\0b", 3}, std::string_view{"a\0c", 3}));
}

}  // namespace
