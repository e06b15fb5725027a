#include <farcall/server/page_access.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <farcall/error.hpp>

namespace {

using farcall::page_options;
using farcall::detail::page_access;
using verdict = farcall::detail::page_access::verdict;

verdict look(const page_options& options, std::string_view path, std::string_view authorization = {}) {
    return page_access{options}.look(path, true, authorization);
}

TEST(page_access, shows_all_pages_if_nothing_is_said) {
    EXPECT_EQ(look({}, "/"), verdict::shown);
    EXPECT_EQ(look({}, "/metrics", "Bearer anything"), verdict::shown);
    EXPECT_FALSE(page_access{{}}.hidden("/"));
}

TEST(page_access, hides_one_or_all) {
    const page_options some{.hidden = {"/metrics", "/"}};
    EXPECT_EQ(look(some, "/metrics"), verdict::absent);
    EXPECT_EQ(look(some, "/"), verdict::absent);
    EXPECT_EQ(look(some, "/metrics/more"), verdict::shown);
    EXPECT_EQ(look(some, "/openrpc.json"), verdict::shown);
    EXPECT_EQ(look({.hidden = {"*"}}, "/openrpc.json"), verdict::absent);
    EXPECT_TRUE(page_access{{.hidden = {"*"}}}.hidden("/"));
}

TEST(page_access, shows_nothing_at_an_address_that_has_no_pages) {
    const page_access rules{{.tokens = {"s3cret"}}};
    EXPECT_EQ(rules.look("/", false, "Bearer s3cret"), verdict::absent);
    EXPECT_EQ(rules.look("/", true, "Bearer s3cret"), verdict::shown);
}

TEST(page_access, wants_a_token_in_either_form) {
    const page_options rules{.tokens = {"s3cret", "next one"}};
    EXPECT_EQ(look(rules, "/", "Bearer s3cret"), verdict::shown);
    EXPECT_EQ(look(rules, "/", "bearer   s3cret"), verdict::shown);
    EXPECT_EQ(look(rules, "/", "Bearer next one"), verdict::shown);
    EXPECT_EQ(look(rules, "/", "Basic b3BzOnMzY3JldA=="), verdict::shown) << "ops:s3cret";
    EXPECT_EQ(look(rules, "/", "BASIC OnMzY3JldA=="), verdict::shown) << ":s3cret";
    for (const char* wrong :
         {"", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3crets", "Bearer S3cret", "s3cret", "Basic s3cret",
          "Basic b3BzOnMzY3JldA", "Basic b3BzOnMzY3Jl", "Basic czNjcmV0", "Basic ", "Digest s3cret", "Bearers s3cret",
          " Bearer s3cret", "Basic c3MzY3JldDo=" /* s3cret: */})
        EXPECT_EQ(look(rules, "/", wrong), verdict::locked) << wrong;
    EXPECT_EQ(look({.hidden = {"/"}, .tokens = {"s3cret"}}, "/", "Bearer s3cret"), verdict::absent);
}

TEST(page_access, does_not_take_an_empty_token_for_one) {
    try {
        page_access{{.tokens = {"s3cret", ""}}};
        FAIL();
    } catch (const farcall::error& why) {
        EXPECT_EQ(why.status(), farcall::status::invalid_argument);
        EXPECT_NE(why.message().find("http.pages.tokens"), std::string::npos) << why.message();
    }
}

}  // namespace
