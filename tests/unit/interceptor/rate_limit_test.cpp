#include <farcall/interceptor/rate_limit.hpp>

#include <limits>

#include "support.hpp"

namespace {

using namespace interceptor_test;
using namespace std::chrono_literals;
using farcall::rate_limit;
using farcall::rate_limit_options;

/// Calls at times that the test chooses.
struct gate : lane {
    explicit gate(rate_limit_options options) : limit(std::move(options)) {}

    /// How long to wait; zero: the call passed.
    std::chrono::milliseconds call(const std::function<void(intercepted_call&)>& change = {}) {
        intercepted_call made = make();
        if (change) change(made);
        try {
            limit.before(made);
            return 0ms;
        } catch (const error& why) {
            EXPECT_EQ(why.status(), status::resource_exhausted);
            EXPECT_EQ(why.executed(), executed::no);
            EXPECT_GT(why.retry_after(), 0ms);
            return why.retry_after();
        }
    }
    std::chrono::milliseconds call_of(std::string_view tenant) {
        return call([&](intercepted_call& made) { made.headers.set("tenant", tenant); });
    }
    /// How many of `count` calls pass, one each `pause`.
    int passed(int count, std::chrono::nanoseconds pause) {
        int good = 0;
        for (int i = 0; i < count; ++i) {
            good += call() == 0ms ? 1 : 0;
            clock->jump(pause);
        }
        return good;
    }

    rate_limit limit;
};

TEST(rate_limit, lets_pass_what_it_is_told_and_a_tenth_of_a_second_at_once) {
    gate where{{.per_second = 100}};
    EXPECT_EQ(where.passed(1000, 1ms), 109) << "10 at once, and one each 10 ms from then on";
    EXPECT_EQ(where.passed(100, 10ms), 100) << "whoever keeps to it is never refused";
}

TEST(rate_limit, lets_a_burst_pass_after_a_pause_and_no_larger_one) {
    gate where{{.per_second = 10, .burst = 5}};
    EXPECT_EQ(where.passed(8, 0ns), 5);
    where.clock->jump(200ms);
    EXPECT_EQ(where.passed(8, 0ns), 2);
    where.clock->jump(1h);
    EXPECT_EQ(where.passed(8, 0ns), 5);
}

TEST(rate_limit, says_when_one_more_would_pass) {
    gate where{{.per_second = 10, .burst = 1}};
    EXPECT_EQ(where.call(), 0ms);
    EXPECT_EQ(where.call(), 100ms);
    where.clock->jump(30ms);
    EXPECT_EQ(where.call(), 70ms);
    where.clock->jump(70ms - 1ns);
    EXPECT_EQ(where.call(), 1ms) << "rounded up: never too early";
    where.clock->jump(1ns);
    EXPECT_EQ(where.call(), 0ms);
}

TEST(rate_limit, does_not_count_what_it_refuses) {
    gate where{{.per_second = 1, .burst = 1}};
    EXPECT_EQ(where.passed(1000, 0ns), 1);
    where.clock->jump(1s);
    EXPECT_EQ(where.call(), 0ms);
}

TEST(rate_limit, takes_fractions) {
    gate where{{.per_second = 0.5}};
    EXPECT_EQ(where.call(), 0ms);
    EXPECT_EQ(where.call(), 2000ms);
    gate odd{{.per_second = 1, .burst = 2.5}};
    EXPECT_EQ(odd.passed(5, 0ns), 2);
}

TEST(rate_limit, gives_each_key_a_rate_of_its_own) {
    gate where{{.per_second = 1, .burst = 2, .key = rate_limit::by_metadata("tenant")}};
    for (const char* tenant : {"a7", "b8"}) {
        EXPECT_EQ(where.call_of(tenant), 0ms);
        EXPECT_EQ(where.call_of(tenant), 0ms);
        EXPECT_GT(where.call_of(tenant), 0ms);
    }
    EXPECT_EQ(where.call(), 0ms) << "without a key is a key, too";
    EXPECT_EQ(where.limit.size(), 3u);
}

TEST(rate_limit, knows_hosts_principals_and_methods) {
    const lane where;
    intercepted_call made = where.make();
    made.principal = "ada";
    EXPECT_EQ(rate_limit::by_peer(made), "");
    made.peer = std::make_shared<farcall::peer>();
    made.peer->address = "[::1]:40312";
    EXPECT_EQ(rate_limit::by_peer(made), "[::1]");
    made.peer->address = "127.0.0.1:1";
    EXPECT_EQ(rate_limit::by_peer(made), "127.0.0.1");
    EXPECT_EQ(rate_limit::by_principal(made), "ada");
    EXPECT_EQ(rate_limit::by_method(made), "Calculator.add");
}

TEST(rate_limit, keeps_its_table_bounded_and_forgets_keys_that_have_paused) {
    gate where{{.per_second = 10, .burst = 2, .key = rate_limit::by_metadata("tenant"), .keys = 3}};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(where.call_of(std::to_string(i)), 0ms);
    // Those beyond share one rate, so that inventing keys brings nothing.
    EXPECT_EQ(where.call_of("x"), 0ms);
    EXPECT_EQ(where.call_of("y"), 0ms);
    EXPECT_GT(where.call_of("z"), 0ms);
    EXPECT_EQ(where.call_of("0"), 0ms) << "known ones keep theirs";
    EXPECT_EQ(where.limit.size(), 3u);
    where.clock->jump(200ms);
    for (const char* tenant : {"x", "y", "z"}) EXPECT_EQ(where.call_of(tenant), 0ms) << tenant;
    EXPECT_EQ(where.limit.size(), 3u);
}

TEST(rate_limit, does_not_forget_a_key_whose_bucket_is_not_full) {
    gate where{{.per_second = 1, .burst = 1, .key = rate_limit::by_metadata("tenant"), .keys = 1}};
    EXPECT_EQ(where.call_of("a"), 0ms);
    where.clock->jump(500ms);
    EXPECT_EQ(where.call_of("b"), 0ms);
    EXPECT_EQ(where.call_of("a"), 500ms);
}

TEST(rate_limit, goes_on_forgetting_after_it_has_forgotten_all_of_its_keys) {
    gate where{{.per_second = 10, .burst = 1, .key = rate_limit::by_metadata("tenant"), .keys = 2}};
    for (int round = 0; round < 4; ++round) {
        for (const char* tenant : {"a", "b"}) EXPECT_EQ(where.call_of(tenant + std::to_string(round)), 0ms) << round;
        EXPECT_GT(where.call_of("a" + std::to_string(round)), 0ms) << round << ": it is remembered";
        EXPECT_GT(where.call_of("b" + std::to_string(round)), 0ms) << round << ": it is remembered";
        where.clock->jump(10s);
    }
}

TEST(rate_limit, forgets_new_keys_while_an_old_one_is_to_be_remembered_for_long) {
    gate where{{.per_second = 1, .burst = 1000, .key = rate_limit::by_metadata("tenant"), .keys = 2}};
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(where.call_of("busy"), 0ms);
    EXPECT_EQ(where.call_of("a"), 0ms);
    where.clock->jump(2s);
    EXPECT_EQ(where.call_of("b"), 0ms);
    where.clock->jump(8s);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(where.call_of("c"), 0ms);
    EXPECT_EQ(where.call_of("d"), 0ms) << "c has a rate of its own, and has used up nothing that the others share";
}

TEST(rate_limit, refuses_numbers_that_cannot_be) {
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
    for (const double wrong : {0.0, -1.0, nan, infinite, 1e10})
        EXPECT_THROW(rate_limit{{.per_second = wrong}}, error) << wrong;
    for (const double wrong : {0.5, -1.0, nan}) EXPECT_THROW((rate_limit{{.burst = wrong}}), error) << wrong;
    gate slow{{.per_second = 1e-300, .burst = infinite}};
    EXPECT_EQ(slow.call(), 0ms);
}

}  // namespace
