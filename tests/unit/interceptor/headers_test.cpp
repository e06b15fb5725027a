#include <farcall/interceptor/bearer_token.hpp>
#include <farcall/interceptor/request_ids.hpp>

#include "support.hpp"

#include <set>

/// The interceptors that add a header to calls.
namespace interceptor_test {

using farcall::bearer_token;
using farcall::metadata;
using farcall::request_ids;

/// The headers of a call behind the chain, or the status that it was refused with.
std::string headers_behind(lane& where, metadata headers = {}) {
    intercepted_call made = where.make();
    made.headers = std::move(headers);
    const auto one = std::make_shared<test_call>(where, std::move(made));
    std::string text;
    one->on_invoke = [&](test_call& self) {
        for (const auto& [key, value] : self.call().headers) text += key + '=' + value + ';';
        self.answered({});
    };
    one->begin();
    return one->end->failure ? one->told() : text;
}

TEST(bearer_token, says_who_calls) {
    lane where;
    where.chain = {bearer_token{"secret"}};
    EXPECT_EQ(headers_behind(where), "authorization=Bearer secret;");
    EXPECT_EQ(headers_behind(where, {{"Authorization", "Basic x"}}), "Authorization=Basic x;") << "the call's own";
}

TEST(bearer_token, is_asked_for_each_call) {
    lane where;
    int count = 0;
    where.chain = {bearer_token{[&] { return "t" + std::to_string(++count); }}};
    EXPECT_EQ(headers_behind(where), "authorization=Bearer t1;");
    EXPECT_EQ(headers_behind(where), "authorization=Bearer t2;");
}

TEST(bearer_token, that_cannot_travel_is_not_printed) {
    lane where;
    for (const char* bad : {"", "a b", "a\r\nHost: b", "\xC3\xA9"}) {
        where.chain = {bearer_token{std::string{bad}}};
        const std::string told = headers_behind(where);
        EXPECT_EQ(told.substr(0, 29), "invalid_argument, executed no") << told;
        EXPECT_EQ(told.find("Host"), std::string::npos);
    }
}

TEST(request_ids, name_what_has_no_name) {
    lane where;
    where.chain = {request_ids{std::make_shared<farcall::seeded_random>(1)}};
    std::set<std::string> all;
    for (int i = 0; i != 100; ++i) {
        const std::string one = headers_behind(where);
        EXPECT_EQ(one.substr(0, 13), "x-request-id=");
        EXPECT_EQ(one.substr(13, 32).find_first_not_of("0123456789abcdef"), std::string::npos) << one;
        EXPECT_EQ(one.size(), 46u);
        all.insert(one);
    }
    EXPECT_EQ(all.size(), 100u);
    EXPECT_EQ(headers_behind(where, {{"X-Request-Id", "own"}}), "X-Request-Id=own;");
    lane again;
    again.chain = {request_ids{std::make_shared<farcall::seeded_random>(1)}};
    EXPECT_TRUE(all.contains(headers_behind(again))) << "one seed, one sequence";
    again.chain = {request_ids{}};
    EXPECT_FALSE(all.contains(headers_behind(again)));
}

}  // namespace interceptor_test
