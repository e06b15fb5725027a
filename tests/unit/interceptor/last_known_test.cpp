#include <farcall/interceptor/last_known.hpp>

#include "support.hpp"

namespace interceptor_test {

using farcall::last_known;
using farcall::last_known_options;
using namespace std::chrono_literals;

constexpr farcall::method_info readonly_method{.readonly = true};
constexpr farcall::method_info other_method{};

class last_known_result : public ::testing::Test {
protected:
    void use(last_known_options options) { where.chain = {last_known{std::move(options)}}; }
    void SetUp() override { use({}); }

    /// What the caller gets of a call that the server answers so.
    std::string call(const std::function<call_outcome()>& answer, const farcall::method_info* info = &readonly_method,
                     std::string params = "[1]", farcall::metadata headers = {}) {
        intercepted_call made = where.make("Calculator.add", info);
        made.params = std::move(params);
        made.headers = std::move(headers);
        const auto one = std::make_shared<test_call>(where, std::move(made));
        one->on_invoke = [&](test_call& self) { self.answered(answer()); };
        one->begin();
        if (one->end->failure) return std::string{to_string(one->end->status())};
        return one->end->result + (one->end->stale ? " stale" : "");
    }
    static std::function<call_outcome()> result(std::string text) {
        return [text] { return call_outcome::answer(text); };
    }
    static std::function<call_outcome()> failure(status code) {
        return [code] { return call_outcome::failed(error{code, "x"}); };
    }

    lane where;
};

TEST_F(last_known_result, stands_in_for_one_that_nobody_could_give) {
    EXPECT_EQ(call(failure(status::unavailable)), "unavailable") << "there is none yet";
    EXPECT_EQ(call(result("1")), "1");
    EXPECT_EQ(call(result("2")), "2");
    for (const status code : {status::unavailable, status::deadline_exceeded, status::resource_exhausted})
        EXPECT_EQ(call(failure(code)), "2 stale") << to_string(code);
    EXPECT_EQ(call(result("3")), "3");
}

TEST_F(last_known_result, hides_no_answer_of_the_server) {
    EXPECT_EQ(call(result("1")), "1");
    for (const status code : {status::not_found, status::permission_denied, status::internal, status::cancelled})
        EXPECT_EQ(call(failure(code)), to_string(code));
    use({.failures = {status::internal}});
    EXPECT_EQ(call(result("1")), "1");
    EXPECT_EQ(call(failure(status::internal)), "1 stale");
    EXPECT_EQ(call(failure(status::unavailable)), "unavailable");
}

TEST_F(last_known_result, is_that_of_the_same_call) {
    EXPECT_EQ(call(result("1")), "1");
    EXPECT_EQ(call(failure(status::unavailable), &readonly_method, "[2]"), "unavailable");
    EXPECT_EQ(call(failure(status::unavailable), &readonly_method, "[1]", {{"authorization", "bob"}}), "unavailable");
    EXPECT_EQ(call(failure(status::unavailable), &readonly_method, "[1]", {{"x-request-id", "7"}}), "1 stale");
}

TEST_F(last_known_result, is_not_kept_where_attempts_say_who_calls) {
    const auto call_of = [&](const std::string& who, std::optional<std::string> result) {
        const auto one = std::make_shared<test_call>(where, where.make("Calculator.add", &readonly_method));
        one->on_invoke = [&](test_call& self) {
            if (!who.empty()) self.call().changed_by_attempts = {"authorization"};
            self.answered(result ? call_outcome::answer(*result) : call_outcome::failed(error{status::unavailable, "x"}));
        };
        one->begin();
        return one->end->failure ? std::string{to_string(one->end->status())} : one->end->result;
    };
    EXPECT_EQ(call_of("ada", "1"), "1");
    EXPECT_EQ(call_of("bob", std::nullopt), "unavailable");
    EXPECT_EQ(call_of("", std::nullopt), "unavailable");
    EXPECT_EQ(call_of("", "2"), "2");
    EXPECT_EQ(call_of("bob", std::nullopt), "unavailable");
    std::string who = "ada";
    use({.caller = [&] { return who; }});
    EXPECT_EQ(call_of("ada", "1"), "1");
    EXPECT_EQ(call_of("ada", std::nullopt), "1");
    who = "bob";
    EXPECT_EQ(call_of("bob", std::nullopt), "unavailable");
}

TEST_F(last_known_result, is_kept_of_readonly_methods_only) {
    for (const farcall::method_info* info : {&other_method, static_cast<const farcall::method_info*>(nullptr)}) {
        EXPECT_EQ(call(result("1"), info), "1");
        EXPECT_EQ(call(failure(status::unavailable), info), "unavailable");
    }
}

TEST_F(last_known_result, may_be_too_old) {
    use({.max_age = 10s});
    EXPECT_EQ(call(result("1")), "1");
    where.clock->jump(10s);
    EXPECT_EQ(call(failure(status::unavailable)), "1 stale");
    where.clock->jump(1ns);
    EXPECT_EQ(call(failure(status::unavailable)), "unavailable");
}

TEST_F(last_known_result, that_an_inner_interceptor_had_kept_does_not_count_as_new) {
    use({.max_age = 10s});
    EXPECT_EQ(call(result("1")), "1");
    where.clock->jump(8s);
    EXPECT_EQ(call([] {
                  call_outcome kept = call_outcome::answer("1");
                  kept.stale = true;
                  return kept;
              }),
              "1 stale");
    where.clock->jump(8s);
    EXPECT_EQ(call(failure(status::unavailable)), "unavailable");
}

TEST_F(last_known_result, takes_no_more_than_its_bytes) {
    use({.bytes = 1000});
    EXPECT_EQ(call(result(std::string(2000, '1'))).size(), 2000u);
    EXPECT_EQ(call(failure(status::unavailable)), "unavailable");
    for (int i = 0; i != 100; ++i) call(result("1"), &readonly_method, std::to_string(i));
    EXPECT_EQ(call(failure(status::unavailable), &readonly_method, "99"), "1 stale");
    EXPECT_EQ(call(failure(status::unavailable), &readonly_method, "0"), "unavailable");
}

}  // namespace interceptor_test
