#include <gtest/gtest.h>

#include <deque>

#include <farcall/random.hpp>
#include <farcall/retry/budget.hpp>

namespace budget_test {

using farcall::retry_budget;
using farcall::time_point;
using farcall::detail::budget;
using namespace std::chrono_literals;

constexpr time_point start{1'000h + 300ms};

/// How many further attempts can be had at once.
int drain(budget& account, time_point now) {
    int count = 0;
    while (count < 100'000 && account.spend(now)) ++count;
    return count;
}

TEST(budget, allows_ten_attempts_to_a_client_without_history) {
    budget account{retry_budget{}};
    EXPECT_EQ(drain(account, start), 10);
    EXPECT_FALSE(account.left(start));
}

TEST(budget, allows_one_attempt_more_for_ten_calls) {
    budget account{retry_budget{}};
    for (int i = 0; i < 1'000; ++i) account.deposit(start);
    EXPECT_EQ(drain(account, start), 110);
    for (int i = 0; i < 9; ++i) account.deposit(start);
    EXPECT_FALSE(account.left(start)) << "nine calls pay for nothing";
    account.deposit(start);
    EXPECT_TRUE(account.left(start));
    EXPECT_EQ(drain(account, start), 1);
}

TEST(budget, asking_whether_something_is_left_takes_nothing) {
    budget account{retry_budget{.share = 0, .per_second = 0.1}};
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(account.left(start));
    EXPECT_TRUE(account.spend(start));
    EXPECT_FALSE(account.left(start));
    EXPECT_FALSE(account.spend(start));
}

TEST(budget, what_was_spent_comes_back_after_ten_seconds_and_not_before) {
    for (const auto offset : {0ms, 1ms, 500ms, 999ms}) {
        budget account{retry_budget{}};
        const time_point begin = time_point{1'000h} + offset;
        EXPECT_EQ(drain(account, begin), 10);
        EXPECT_EQ(drain(account, begin + 10s), 0) << "a second longer than the calls count";
        EXPECT_EQ(drain(account, begin + 11s), 10);
    }
}

TEST(budget, calls_that_are_longer_ago_than_ten_seconds_pay_for_nothing) {
    budget account{retry_budget{.share = 1, .per_second = 0}};
    account.deposit(start);
    EXPECT_TRUE(account.left(start + 9s));
    EXPECT_FALSE(account.left(start + 10s));
}

TEST(budget, a_long_pause_forgets_everything) {
    budget account{retry_budget{.share = 1, .per_second = 0}};
    for (int i = 0; i < 100; ++i) account.deposit(start);
    EXPECT_FALSE(account.left(start + 1h));
    account.deposit(start + 1h);
    EXPECT_EQ(drain(account, start + 1h), 1);
}

TEST(budget, an_unlimited_one_never_ends) {
    budget account{retry_budget{.share = 0, .per_second = 0, .unlimited = true}};
    EXPECT_EQ(drain(account, start), 100'000);
}

TEST(budget, one_of_nothing_allows_nothing_and_nonsense_counts_as_nothing) {
    budget none{retry_budget{.share = 0, .per_second = 0}};
    budget below{retry_budget{.share = -1, .per_second = -5}};
    for (budget* account : {&none, &below}) {
        account->deposit(start);
        EXPECT_FALSE(account->spend(start));
    }
}

TEST(budget, holds_in_any_ten_seconds_however_calls_and_attempts_come) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        farcall::seeded_random random{seed};
        budget account{retry_budget{}};
        std::deque<time_point> calls, attempts;
        time_point now = start;
        for (int step = 0; step < 20'000; ++step) {
            // Bursts and silence.
            now += random.next() % 50 == 0 ? std::chrono::milliseconds{random.next() % 4'000} : 3ms;
            if (random.next() % 3 == 0) {
                account.deposit(now);
                calls.push_back(now);
            }
            if (!account.spend(now)) continue;
            attempts.push_back(now);
            while (!calls.empty() && calls.front() <= now - 10s) calls.pop_front();
            while (!attempts.empty() && attempts.front() <= now - 10s) attempts.pop_front();
            ASSERT_LE(static_cast<double>(attempts.size()), 0.1 * static_cast<double>(calls.size()) + 10) << step;
        }
    }
}

}  // namespace budget_test
