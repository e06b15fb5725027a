#include <farcall/interceptor/cache.hpp>

#include "support.hpp"

#include <thread>

namespace interceptor_test {

using farcall::cache;
using farcall::cache_options;
using namespace std::chrono_literals;

constexpr farcall::method_info cacheable_method{.readonly = true, .cacheable = 10s};
constexpr farcall::method_info readonly_only{.readonly = true};
constexpr farcall::method_info with_effect{};

class cached_call : public ::testing::Test {
protected:
    void use(cache_options options) { where.chain = {cache{std::move(options)}}; }
    void SetUp() override { use({}); }

    std::shared_ptr<test_call> make(std::string params = "[1]", const farcall::method_info* info = &cacheable_method,
                                    farcall::metadata headers = {}) {
        intercepted_call made = where.make("Calculator.add", info);
        made.params = std::move(params);
        made.headers = std::move(headers);
        return std::make_shared<test_call>(where, std::move(made));
    }
    /// Begins a call that waits until the test answers it, if it is made at all.
    std::shared_ptr<test_call> begin(std::string params = "[1]") {
        auto one = make(std::move(params));
        one->on_invoke = [](test_call&) {};
        // As a connection does it.
        one->on_give_up = [](test_call& self) { self.answered(call_outcome::failed(error{status::cancelled, "given up"})); };
        where.run([&] { one->begin(); });
        return one;
    }
    void answer(test_call& one, call_outcome with) {
        where.run([&] { one.answered(std::move(with)); });
    }
    /// Whether a call that the server answers at once is made, and what its caller gets.
    std::string call(std::string params = "[1]", const farcall::method_info* info = &cacheable_method,
                     farcall::metadata headers = {}) {
        const auto one = make(std::move(params), info, std::move(headers));
        one->on_invoke = [&](test_call& self) { self.answered(call_outcome::answer(std::to_string(++made))); };
        where.run([&] { one->begin(); });
        return told(*one);
    }
    static std::string told(const test_call& one) {
        if (!one.end) return "nothing";
        if (one.end->failure) return std::string{to_string(one.end->status())};
        return one.end->result + (one.end->stale ? " stale" : "");
    }

    lane where;
    int made = 0;
};

TEST_F(cached_call, is_answered_with_the_result_before_as_long_as_that_is_fresh) {
    EXPECT_EQ(call(), "1");
    EXPECT_EQ(call(), "1 stale");
    where.clock->jump(10s - 1ns);
    EXPECT_EQ(call(), "1 stale");
    where.clock->jump(1ns);
    EXPECT_EQ(call(), "2");
    EXPECT_EQ(call(), "2 stale");
    EXPECT_EQ(made, 2);
}

TEST_F(cached_call, is_one_of_the_same_method_with_the_same_arguments_from_the_same_caller) {
    EXPECT_EQ(call("[1]"), "1");
    EXPECT_EQ(call("[2]"), "2");
    EXPECT_EQ(call("[1]", &cacheable_method, {{"authorization", "ada"}}), "3");
    EXPECT_EQ(call("[1]", &cacheable_method, {{"authorization", "bob"}}), "4");
    EXPECT_EQ(call("[1]", &cacheable_method, {{"Authorization", "ada"}}), "3 stale");
    EXPECT_EQ(call("[1]", &cacheable_method, {{"x-request-id", "7"}}), "1 stale");
}

TEST_F(cached_call, is_one_of_a_method_that_says_so) {
    for (const farcall::method_info* info : {&readonly_only, &with_effect, static_cast<const farcall::method_info*>(nullptr)}) {
        call("[1]", info);
        EXPECT_EQ(call("[1]", info).find("stale"), std::string::npos);
    }
    EXPECT_EQ(made, 6);
}

TEST_F(cached_call, goes_by_the_options_before_the_declaration) {
    use({.methods = {{"Calculator.add", 2s}}});
    EXPECT_EQ(call(), "1");
    where.clock->jump(2s);
    EXPECT_EQ(call(), "2") << "as declared it would be fresh";
    EXPECT_EQ(call("[9]", nullptr), "3");
    EXPECT_EQ(call("[9]", nullptr), "3 stale") << "a call by name";
    EXPECT_EQ(call("[8]", &with_effect), "4");
    EXPECT_EQ(call("[8]", &with_effect), "5") << "what has an effect is made, whatever the options say";
    use({.methods = {{"Calculator.add", 0s}}});
    EXPECT_EQ(call(), "6");
    EXPECT_EQ(call(), "7");
}

TEST_F(cached_call, that_failed_is_made_again) {
    const auto first = begin();
    answer(*first, call_outcome::failed(error{status::unavailable, "x"}));
    EXPECT_EQ(told(*first), "unavailable");
    EXPECT_EQ(call(), "1");
}

TEST_F(cached_call, is_made_once_for_all_who_wait_for_it) {
    const auto first = begin(), second = begin(), third = begin(), other = begin("[2]");
    EXPECT_EQ(first->invoked, 1);
    EXPECT_EQ(second->invoked + third->invoked, 0);
    EXPECT_EQ(other->invoked, 1);
    EXPECT_EQ(told(*second), "nothing");
    answer(*first, call_outcome::answer("7"));
    for (const auto& each : {first, second, third}) EXPECT_EQ(told(*each), "7");
    EXPECT_EQ(second->invoked + third->invoked, 0);
    EXPECT_EQ(told(*other), "nothing");
    EXPECT_EQ(call(), "7 stale");
    answer(*other, call_outcome::answer("8"));
}

TEST_F(cached_call, shares_its_failure_with_those_who_wait) {
    const auto first = begin(), second = begin();
    answer(*first, call_outcome::failed(error{status::unavailable, "x"}));
    EXPECT_EQ(told(*first), "unavailable");
    EXPECT_EQ(told(*second), "unavailable");
    EXPECT_EQ(second->invoked, 0);
}

TEST_F(cached_call, is_made_by_the_next_when_the_first_was_given_up) {
    for (const status code : {status::cancelled, status::deadline_exceeded}) {
        use({});
        const auto first = begin(), second = begin(), third = begin();
        answer(*first, call_outcome::failed(error{code, "the caller's own"}));
        EXPECT_EQ(told(*first), to_string(code));
        EXPECT_EQ(told(*second), "nothing");
        EXPECT_EQ(second->invoked + third->invoked, 1);
        answer(second->invoked == 1 ? *second : *third, call_outcome::answer("7"));
        EXPECT_EQ(told(*second), "7");
        EXPECT_EQ(told(*third), "7");
        // The server's word of the first one's deadline says nothing of the other's.
        use({});
        const auto hurried = begin(), patient = begin();
        answer(*hurried, call_outcome::failed(error{code, "the handler's"}.with_origin(farcall::origin::peer)));
        EXPECT_EQ(told(*hurried), to_string(code));
        EXPECT_EQ(told(*patient), "nothing");
        answer(*patient, call_outcome::answer("7"));
        EXPECT_EQ(told(*patient), "7");
    }
}

TEST_F(cached_call, that_waits_can_be_given_up_alone) {
    const auto first = begin(), second = begin(), third = begin();
    where.run([&] { second->stop(); });
    EXPECT_EQ(told(*second), "cancelled");
    EXPECT_EQ(second->end->failure->executed(), executed::no);
    EXPECT_EQ(told(*first), "nothing");
    answer(*first, call_outcome::answer("7"));
    EXPECT_EQ(told(*first), "7");
    EXPECT_EQ(told(*third), "7");
}

TEST_F(cached_call, that_is_stopped_while_it_is_made_leaves_it_to_the_next) {
    const auto first = begin(), second = begin();
    where.run([&] { first->stop(); });
    EXPECT_EQ(told(*first), "cancelled");
    EXPECT_EQ(second->invoked, 1);
    answer(*second, call_outcome::answer("7"));
    EXPECT_EQ(told(*second), "7");
}

TEST_F(cached_call, is_made_by_each_of_those_who_wait_when_its_attempts_said_who_calls) {
    const auto first = begin(), second = begin(), third = begin();
    first->call().changed_by_attempts = {"authorization"};
    answer(*first, call_outcome::answer("of ada"));
    EXPECT_EQ(told(*first), "of ada");
    EXPECT_EQ(second->invoked + third->invoked, 2) << "beside one another";
    answer(*third, call_outcome::answer("of bob"));
    answer(*second, call_outcome::answer("of eve"));
    EXPECT_EQ(told(*second), "of eve");
    EXPECT_EQ(told(*third), "of bob");
    EXPECT_EQ(call(), "1");
    EXPECT_EQ(call(), "2");
}

TEST_F(cached_call, that_waits_may_go_with_its_executor_while_another_one_makes_it) {
    const cache shared;
    where.chain = {shared};
    const auto first = begin();
    bool gone = false;
    {
        lane other;
        other.chain = {shared};
        intercepted_call same = other.make("Calculator.add", &cacheable_method);
        same.params = "[1]";
        auto second = std::make_shared<test_call>(other, std::move(same));
        second->gone = &gone;
        boost::asio::post(other.context, [second = std::move(second)] { second->begin(); });
        other.run();
        EXPECT_FALSE(gone);
    }
    EXPECT_TRUE(gone) << "nothing of it is left in what the first one will tell";
    answer(*first, call_outcome::answer("7"));
    EXPECT_EQ(told(*first), "7");
}

TEST_F(cached_call, is_told_to_executors_that_come_and_go_on_other_threads) {
    const cache shared;
    where.chain = {shared};
    for (int round = 0; round != 100; ++round) {
        const auto first = begin(std::to_string(round));
        std::thread elsewhere{[&] {
            lane other;
            other.chain = {shared};
            intercepted_call same = other.make("Calculator.add", &cacheable_method);
            same.params = std::to_string(round);
            const auto second = std::make_shared<test_call>(other, std::move(same));
            other.run([&] { second->begin(); });
        }};
        answer(*first, call_outcome::answer("7"));
        elsewhere.join();
        EXPECT_EQ(told(*first), "7");
    }
}

TEST_F(cached_call, leaves_nothing_behind_in_an_executor_that_is_destroyed) {
    bool first_gone = false, second_gone = false;
    const cache shared;
    {
        lane other;
        other.chain = {shared};
        const auto begin_in = [&](bool& gone) {
            auto made = std::make_shared<test_call>(other, other.make("Calculator.add", &cacheable_method));
            made->gone = &gone;
            // A connection that ends with its executor abandons its calls.
            made->on_invoke = [](test_call& self) {
                struct abandons {
                    std::shared_ptr<farcall::detail::interception> call;
                    ~abandons() {
                        if (call) call->abandon();
                    }
                    void operator()() const {}
                };
                boost::asio::post(self.executor(),
                                  abandons{std::static_pointer_cast<test_call>(self.shared_from_this())});
            };
            boost::asio::post(other.context, [made] { made->begin(); });
        };
        begin_in(first_gone);
        begin_in(second_gone);
        // So far that both have begun, and no further.
        other.context.poll_one();
        other.context.poll_one();
        other.context.poll_one();
        EXPECT_FALSE(first_gone);
    }
    EXPECT_TRUE(first_gone);
    EXPECT_TRUE(second_gone);
    where.chain = {shared};
    EXPECT_EQ(call("[1,2]"), "1") << "nobody is waited for who is gone";
}

TEST_F(cached_call, is_shared_by_clients_on_different_threads) {
    const cache shared;
    std::atomic<int> made_in_all{0};
    const auto work = [&] {
        lane mine;
        mine.chain = {shared};
        for (int i = 0; i != 200; ++i) {
            intercepted_call one = mine.make("Calculator.add", &cacheable_method);
            one.params = std::to_string(i / 4);
            const auto call = std::make_shared<test_call>(mine, std::move(one));
            call->on_invoke = [&](test_call& self) {
                ++made_in_all;
                self.answered(call_outcome::answer(self.call().params));
            };
            boost::asio::post(mine.context, [&] { call->begin(); });
            mine.context.restart();
            while (!call->end) mine.context.run_one();
            EXPECT_EQ(call->end->result, std::to_string(i / 4));
        }
    };
    std::thread first{work}, second{work};
    first.join();
    second.join();
    EXPECT_EQ(made_in_all, 50) << "each call once";
}

}  // namespace interceptor_test
