#include "support.hpp"

#include <algorithm>
#include <map>

namespace sim_test {

/// A network that does a bit of everything that this seed asks for.
inline farcall::testing::link_options faults_of(farcall::random_source& random) {
    const auto one_in = [&](unsigned n) { return random.next() % n == 0; };
    farcall::testing::link_options made;
    if (!one_in(4)) made.delay = {std::chrono::microseconds{random.next() % 1'000}, std::chrono::milliseconds{1 + random.next() % 40}};
    if (one_in(2)) made.largest_piece = 1 + static_cast<std::size_t>(random.next() % 100);
    if (one_in(2)) made.largest_read = 1 + static_cast<std::size_t>(random.next() % 100);
    if (one_in(2)) made.capacity = 50 + static_cast<std::size_t>(random.next() % 1'000);
    if (one_in(2)) made.refusal = uniform(random);
    if (one_in(2)) made.loss = 0.03;
    if (one_in(3)) made.blocked_write = 0.3;
    return made;
}

/// What an attempt at one entry ended with, and how often it was executed.
struct account {
    std::map<int, farcall::result<int>> ends;
    std::map<int, int> executions;
};

/// Answered: executed once with that answer. Executed no: never. Unknown: at most once.
inline void check_at_most_once(const account& all) {
    for (const auto& [entry, end] : all.ends) {
        const auto found = all.executions.find(entry);
        const int executions = found == all.executions.end() ? 0 : found->second;
        if (end) {
            EXPECT_EQ(*end, entry);
            EXPECT_EQ(executions, 1) << "entry " << entry;
        } else if (end.error().executed() == executed::no) {
            EXPECT_EQ(executions, 0) << "entry " << entry << ": " << text_of(end);
        } else {
            EXPECT_LE(executions, 1) << "entry " << entry << ": " << text_of(end);
        }
    }
}

/// Makes things go wrong for a while, then mends everything.
inline void disturb(simulation& sim, unsigned times) {
    sim.spawn([&sim, times]() -> awaitable<void> {
        for (unsigned i = 0; i < times; ++i) {
            co_await sim.delay(std::chrono::milliseconds{sim.random().next() % 300});
            switch (sim.random().next() % 4) {
                case 0: sim.network().disconnect("client", "server"); break;
                case 1: sim.network().partition("client", "server"); break;
                case 2: sim.network().heal(); break;
                case 3: sim.network().silence("client", "server"); break;
            }
        }
        sim.network().heal();
        sim.network().disconnect("client", "server");
    });
}

/// One schedule: `calls` calls of one client, some at the same time, over a network with the seed's faults.
template <class Call>
account schedule(std::uint64_t seed, int calls, Call call, ledger*& book_of) {
    world sim{seed};
    sim.network().defaults() = faults_of(sim.random());
    ledger book{sim};
    book_of = &book;
    auto server = sim.serve<Ledger>(std::ref(book));
    const farcall::exponential_backoff policy{.max_attempts = 4, .full_jitter = true, .per_attempt = 500ms};
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), policy};
    disturb(sim, static_cast<unsigned>(sim.random().next() % 6));
    account all;
    for (int i = 1; i <= calls; ++i)
        sim.spawn([&, i]() -> awaitable<void> {
            co_await sim.delay(std::chrono::milliseconds{sim.random().next() % 1'000});
            const auto hurried = farcall::with(proxy, farcall::timeout{3s});
            all.ends.emplace(i, co_await call(hurried, i));
        });
    // Every call has ended by its deadline, and nothing that is left runs later than this.
    sim.run_for(10s);
    EXPECT_EQ(all.ends.size(), static_cast<std::size_t>(calls)) << "a call has no end";
    for (const int entry : book.posts) ++all.executions[entry];
    for (const int entry : book.puts) ++all.executions[entry];
    for (const int entry : book.pays) ++all.executions[entry];
    return all;
}

TEST(ledger, a_method_that_is_not_idempotent_is_never_executed_twice) {
    int answered = 0;
    int refused = 0;
    int unknown = 0;
    for_seeds(1'000, [&](std::uint64_t seed) {
        ledger* book = nullptr;
        const account all = schedule(
            seed, 10, [](const auto& proxy, int i) { return proxy.post(i, as_result(use_awaitable)); }, book);
        check_at_most_once(all);
        for (const auto& [entry, end] : all.ends)
            ++(end ? answered : end.error().executed() == executed::no ? refused : unknown);
    });
    if (answered + unknown + refused < 1'000) return;  // a replay of few seeds
    // The schedules are worth something only if all three ends occur.
    EXPECT_GT(answered, 1'000);
    EXPECT_GT(unknown, 50);
    EXPECT_GT(refused, 5);
}

TEST(ledger, a_slow_method_that_is_not_idempotent_is_never_executed_twice) {
    for_seeds(300, [](std::uint64_t seed) {
        ledger* book = nullptr;
        const account all = schedule(
            seed, 10,
            [](const auto& proxy, int i) { return proxy.slow_post(i, i * 30, as_result(use_awaitable)); }, book);
        check_at_most_once(all);
    });
}

TEST(ledger, an_exactly_once_method_is_never_executed_twice) {
    for_seeds(300, [](std::uint64_t seed) {
        ledger* book = nullptr;
        const account all = schedule(
            seed, 10, [](const auto& proxy, int i) { return proxy.pay(i, as_result(use_awaitable)); }, book);
        check_at_most_once(all);
    });
}

TEST(ledger, an_idempotent_method_is_retried_and_told_truly) {
    int retried = 0;
    for_seeds(300, [&](std::uint64_t seed) {
        ledger* book = nullptr;
        const account all = schedule(
            seed, 10, [](const auto& proxy, int i) { return proxy.put(i, as_result(use_awaitable)); }, book);
        for (const auto& [entry, end] : all.ends) {
            const auto found = all.executions.find(entry);
            const int executions = found == all.executions.end() ? 0 : found->second;
            if (end) {
                EXPECT_GE(executions, 1) << "entry " << entry;
            } else if (end.error().executed() == executed::no) {
                EXPECT_EQ(executions, 0) << "entry " << entry << ": " << text_of(end);
            }
            if (executions > 1) ++retried;
        }
    });
    const auto range = farcall::testing::seeds(300);
    if (range.last - range.first < 299) return;  // a replay of few seeds
    EXPECT_GT(retried, 20);
}

TEST(ledger, an_idempotent_method_comes_through_losses) {
    for_seeds(100, [](std::uint64_t seed) {
        world sim{seed};
        sim.network().defaults() = {.delay = {1ms, 5ms}, .largest_piece = 20, .loss = 0.02};
        ledger book{sim};
        auto server = sim.serve<Ledger>(std::ref(book));
        auto options = sim.client_options();
        options.limits.attempts = 30;
        options.retry_budget.unlimited = true;  // two losses a call are more than it allows
        const farcall::fixed_delay policy{.max_attempts = 30, .delay = 10ms};
        Ledger::basic_proxy<farcall::fixed_delay> proxy{sim.executor(), "sim://server", policy, options};
        for (int i = 1; i <= 20; ++i) {
            const auto end = sim.run(proxy.put(i, as_result(use_awaitable)));
            ASSERT_TRUE(end) << text_of(end);
        }
        // Each entry is there, in order; a repeated one stands beside itself.
        std::vector<int> entries = book.puts;
        EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end()));
        entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
        EXPECT_EQ(entries.size(), 20u);
    });
}

}  // namespace sim_test
