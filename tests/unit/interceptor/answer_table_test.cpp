#include <farcall/interceptor/answer_table.hpp>

#include <farcall/testing/virtual_clock.hpp>

#include <gtest/gtest.h>

namespace {

using farcall::intercepted_call;
using farcall::detail::answer_table;

/// A call as the tables see it.
struct described {
    farcall::testing::virtual_clock clock;
    intercepted_call call;
    std::function<std::string()> caller{};

    explicit described(std::string method, std::string params = {}, farcall::metadata headers = {})
        : call(farcall::call_side::client, std::move(method), nullptr, clock) {
        call.params = std::move(params);
        call.headers = std::move(headers);
    }
    std::string key(const std::vector<std::string>& vary = {}) const { return answer_table::sameness{vary, caller}.key_of(call); }
    bool holds(const std::vector<std::string>& vary) const {
        return answer_table::sameness{vary, caller}.holds_behind(call);
    }
};

TEST(answer_table, knows_calls_apart_by_server_and_by_who_the_application_says_calls) {
    described one{"a"};
    const std::string key = one.key();
    one.call.server = "tcp://here:1";
    EXPECT_NE(one.key(), key);
    const std::string here = one.key();
    one.caller = [] { return "ada"; };
    EXPECT_NE(one.key(), here);
    const std::string ada = one.key();
    one.caller = [] { return "bob"; };
    EXPECT_NE(one.key(), ada);
}

TEST(answer_table, does_not_believe_headers_that_attempts_have_changed) {
    described one{"a"};
    EXPECT_TRUE(one.holds({"authorization"}));
    one.call.changed_by_attempts = {"x-request-id"};
    EXPECT_TRUE(one.holds({"authorization"}));
    one.call.changed_by_attempts.push_back("Authorization");
    EXPECT_FALSE(one.holds({"cookie", "authorization"}));
    one.caller = [] { return "ada"; };
    EXPECT_TRUE(one.holds({"cookie", "authorization"}));
}

TEST(answer_table, gives_back_what_was_put_there) {
    answer_table table{10'000};
    EXPECT_EQ(table.find("a"), nullptr);
    table.put("a", {.result = "1"});
    table.put("b", {.result = "2"});
    ASSERT_NE(table.find("a"), nullptr);
    EXPECT_EQ(table.find("a")->result, "1");
    table.put("a", {.result = "3"});
    EXPECT_EQ(table.find("a")->result, "3");
    EXPECT_EQ(table.size(), 2u);
    table.erase("a");
    EXPECT_EQ(table.find("a"), nullptr);
    table.erase("a");
    table.erase("b");
    EXPECT_EQ(table.bytes(), 0u);
}

TEST(answer_table, drops_what_was_not_asked_for_longest) {
    answer_table one{10'000};
    one.put("a", {.result = "1"});
    const std::size_t each = one.bytes();
    answer_table table{3 * each};
    for (const char* key : {"a", "b", "c"}) table.put(key, {.result = "1"});
    EXPECT_EQ(table.size(), 3u);
    EXPECT_NE(table.find("a"), nullptr);
    table.put("d", {.result = "1"});
    EXPECT_EQ(table.find("b"), nullptr);
    for (const char* key : {"a", "c", "d"}) EXPECT_NE(table.find(key), nullptr) << key;
    EXPECT_EQ(table.bytes(), 3 * each);
}

TEST(answer_table, holds_its_bytes_and_not_one_more) {
    answer_table one{10'000};
    one.put("a", {.result = std::string(1000, 'x')});
    answer_table enough{one.bytes()}, less{one.bytes() - 1};
    enough.put("a", {.result = std::string(1000, 'x')});
    EXPECT_EQ(enough.size(), 1u);
    less.put("a", {.result = "small"});
    less.put("a", {.result = std::string(1000, 'x')});
    EXPECT_EQ(less.find("a"), nullptr) << "an old value where a newer one is known";
    EXPECT_EQ(less.bytes(), 0u);
}

TEST(answer_table, takes_no_two_calls_for_the_same) {
    EXPECT_EQ(described("m", "[1]").key(), described("m", "[1]").key());
    const std::vector<std::string> all{described("m", "[1]").key(), described("m", "[2]").key(), described("m").key(),
                                       described("m[", "1]").key(), described("m1", "").key()};
    for (std::size_t i = 0; i != all.size(); ++i)
        for (std::size_t j = 0; j != i; ++j) EXPECT_NE(all[i], all[j]) << i << ' ' << j;
    const described ada("m", "[1]", {{"Authorization", "ada"}}), bob("m", "[1]", {{"authorization", "bob"}}), none("m", "[1]"),
        empty("m", "[1]", {{"authorization", ""}});
    EXPECT_EQ(ada.key(), bob.key());
    EXPECT_NE(ada.key({"authorization"}), bob.key({"authorization"}));
    EXPECT_NE(ada.key({"authorization"}), none.key({"authorization"}));
    EXPECT_NE(none.key({"authorization"}), empty.key({"authorization"}));
    EXPECT_NE(described("m", "", {{"a", "1"}}).key({"a", "b"}), described("m", "", {{"b", "1"}}).key({"a", "b"}));
}

}  // namespace
