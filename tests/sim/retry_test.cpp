#include "support.hpp"

namespace sim_test {

using attempt_times = std::vector<std::chrono::nanoseconds>;

/// Notes when connects are tried.
inline void note_connects(simulation& sim, attempt_times& times) {
    sim.network().observe([&](const farcall::testing::network_event& event) {
        if (event.what == farcall::testing::network_event::kind::connect) times.push_back(sim.elapsed());
    });
}

TEST(retrying, makes_attempts_after_100_200_and_400_ms_and_ends_with_one_error_that_counts_them) {
    world sim;
    attempt_times times;
    note_connects(sim, times);
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 4}};
    const auto end = sim.run(proxy.post(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(times, (attempt_times{0ms, 100ms, 300ms, 700ms}));
    EXPECT_EQ(sim.elapsed(), 700ms);
    EXPECT_EQ(end.error().status(), status::unavailable);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("attempt 4"), std::string::npos) << end.error().message();
    EXPECT_EQ(end.error().method(), "Ledger.post");
}

TEST(retrying, is_not_done_by_a_proxy_without_a_policy) {
    world sim;
    attempt_times times;
    note_connects(sim, times);
    Ledger::proxy proxy{sim.connect()};
    EXPECT_FALSE(sim.run(proxy.add(1, 2, as_result(use_awaitable))));
    sim.run_for(1min);
    EXPECT_EQ(times, (attempt_times{0ms}));
}

TEST(retrying, succeeds_when_the_server_comes_up_in_between) {
    world sim;
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {}};
    ledger book{sim};
    std::unique_ptr<farcall::server> server;
    sim.spawn([&]() -> awaitable<void> {
        co_await sim.delay(250ms);
        server = sim.serve<Ledger>(std::ref(book));
    });
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 1);
    EXPECT_EQ(sim.elapsed(), 300ms);
    EXPECT_EQ(book.posts.size(), 1u);
}

TEST(retrying, jitter_comes_from_the_injected_randomness_and_stays_below_the_plain_pauses) {
    attempt_times first;
    for (int round = 0; round < 2; ++round) {
        world sim{9};
        attempt_times times;
        note_connects(sim, times);
        Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 4, .full_jitter = true}};
        EXPECT_FALSE(sim.run(proxy.add(1, 2, as_result(use_awaitable))));
        ASSERT_EQ(times.size(), 4u);
        EXPECT_LT(times[1] - times[0], 100ms);
        EXPECT_LT(times[2] - times[1], 200ms);
        EXPECT_LT(times[3] - times[2], 400ms);
        if (round == 0)
            first = times;
        else
            EXPECT_EQ(times, first);
    }
}

TEST(retrying, never_repeats_what_may_have_run_and_is_not_idempotent) {
    world sim;
    sim.network().defaults().cut_answers_at = 0;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 5}};
    const auto end = sim.run(proxy.post(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().executed(), executed::unknown);
    EXPECT_EQ(book.posts.size(), 1u);
    EXPECT_EQ(sim.elapsed(), 0s) << "there is nothing to wait for";
}

TEST(retrying, repeats_what_may_have_run_and_is_idempotent) {
    world sim;
    sim.network().defaults().cut_answers_at = 0;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 3}};
    const auto end = sim.run(proxy.put(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(book.puts.size(), 3u);
    EXPECT_EQ(sim.elapsed(), 300ms);
}

TEST(retrying, an_earlier_attempt_that_may_have_run_is_not_forgotten_by_a_later_that_did_not) {
    world sim;
    sim.network().defaults().cut_answers_at = 0;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 3}};
    sim.spawn([&]() -> awaitable<void> {
        co_await sim.delay(50ms);
        server.reset();  // the further attempts are refused: these were not executed
    });
    const auto end = sim.run(proxy.put(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(book.puts.size(), 1u);
    EXPECT_EQ(end.error().executed(), executed::unknown) << text_of(end);
}

/// Whatever happened, it tries again at once.
struct stubborn {
    static constexpr bool repeats_unsafe = true;
    std::optional<std::chrono::milliseconds> retry(const farcall::failed_attempt&, farcall::random_source&) const {
        return std::chrono::milliseconds{10};
    }
    std::chrono::milliseconds attempt_timeout() const { return std::chrono::milliseconds{0}; }
};

RPC_SERVICE(SafeBank, (pay, int(int entry), farcall::exactly_once), (put, int(int entry), farcall::idempotent))
struct safe_bank {
    int pays = 0;
    int puts = 0;
    int pay(int entry) { return ++pays, entry; }
    int put(int entry) { return ++puts, entry; }
};

TEST(retrying, an_unsafe_policy_does_not_run_an_exactly_once_method_twice) {
    world sim;
    sim.network().defaults().cut_answers_at = 195;  // in the answer that follows the one with the session
    safe_bank handler;
    auto server = sim.serve<SafeBank>(std::ref(handler));
    SafeBank::basic_proxy<stubborn> proxy{sim.connect(), stubborn{}};
    EXPECT_EQ(sim.run(proxy.pay(1, use_awaitable)), 1);
    EXPECT_EQ(handler.pays, 1);
    EXPECT_EQ(sim.elapsed(), 10ms) << "the first answer was lost";
}

TEST(retrying, makes_no_more_attempts_than_the_client_allows) {
    world sim;
    sim.network().defaults().cut_answers_at = 0;
    safe_bank handler;
    auto server = sim.serve<SafeBank>(std::ref(handler));
    SafeBank::basic_proxy<stubborn> proxy{sim.connect(), stubborn{}};
    const auto end = sim.run(proxy.put(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(handler.puts, 5) << "limits::attempts";
    EXPECT_EQ(sim.elapsed(), 40ms);
}

TEST(retrying, cuts_an_attempt_at_its_own_timeout_and_repeats_it) {
    world sim;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 3, .per_attempt = 50ms}};
    const auto end = sim.run(proxy.slow(1'000, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(book.slow_calls, 3);
    EXPECT_EQ(sim.elapsed(), 50ms + 100ms + 50ms + 200ms + 50ms);
}

TEST(retrying, an_attempt_is_never_longer_than_the_call) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.per_attempt = 1min}};
    EXPECT_FALSE(sim.run(farcall::with(proxy, farcall::timeout{80ms}).slow(1'000, as_result(use_awaitable))));
    EXPECT_EQ(sim.elapsed(), 80ms);
}

TEST(retrying, stops_when_the_next_attempt_would_begin_after_the_deadline) {
    world sim;
    attempt_times times;
    note_connects(sim, times);
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 5}};
    // Attempts at 0, 100, 300 ms; the next would be at 700 ms.
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{700ms}).add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(times, (attempt_times{0ms, 100ms, 300ms}));
    EXPECT_EQ(sim.elapsed(), 300ms) << "the caller is told as soon as it is clear";
    EXPECT_EQ(end.error().status(), status::unavailable);
}

TEST(retrying, waits_as_long_as_a_busy_server_asks) {
    world sim;
    farcall::server server{sim.server_options()};
    int calls = 0;
    server.add("Ledger.add", [&](int a, int b) {
        if (++calls == 1) {
            farcall::error::details texts;
            texts.message = "busy";
            texts.retry_after = 1'500ms;
            throw farcall::error{status::resource_exhausted, std::move(texts)}.with_executed(executed::no);
        }
        return a + b;
    });
    server.listen("sim://server");
    server.start();
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {}};
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
    EXPECT_EQ(sim.elapsed(), 1'500ms);
}

TEST(retrying, leaves_alone_what_no_retry_can_mend) {
    world sim;
    farcall::server server{sim.server_options()};
    int calls = 0;
    server.add("Ledger.add", [&](int, int) -> int {
        ++calls;
        throw farcall::error{status::not_found, "not there"};
    });
    server.listen("sim://server");
    server.start();
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {}};
    const auto end = sim.run(proxy.add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::not_found);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(end.error().message().find("attempt"), std::string::npos);
}

TEST(retrying, tells_the_server_which_attempt_it_is) {
    world sim;
    farcall::server server{sim.server_options()};
    std::vector<unsigned> attempts;
    server.add("Ledger.add", [&](farcall::context& call, int a, int b) {
        attempts.push_back(call.attempt());
        if (attempts.size() < 3) throw farcall::error{status::unavailable, "not yet"};
        return a + b;
    });
    server.listen("sim://server");
    server.start();
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {}};
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
    EXPECT_EQ(attempts, (std::vector<unsigned>{1, 2, 3}));
}

TEST(retrying, ends_when_the_budget_of_the_client_is_spent_and_says_so) {
    world sim;
    attempt_times times;
    note_connects(sim, times);
    auto options = sim.client_options();
    options.retry_budget = {.share = 0, .per_second = 0.3};
    Ledger::basic_proxy<farcall::fixed_delay> proxy{
        sim.executor(), "sim://server", farcall::fixed_delay{.max_attempts = 3, .delay = 10ms}, options};
    std::vector<std::string> messages;
    for (int i = 0; i < 3; ++i) {
        const auto end = sim.run(proxy.add(1, 2, as_result(use_awaitable)));
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().executed(), executed::no);
        messages.push_back(end.error().message());
    }
    // Three further attempts in ten seconds: two for the first call, one for the second.
    EXPECT_EQ(messages[0].find("budget"), std::string::npos) << messages[0];
    EXPECT_NE(messages[1].find("(attempt 2, the last that the retry budget allows"), std::string::npos) << messages[1];
    EXPECT_NE(messages[2].find("(attempt 1, the last that the retry budget allows"), std::string::npos) << messages[2];
    sim.run_for(11s);
    EXPECT_NE(sim.run(proxy.add(1, 2, as_result(use_awaitable))).error().message().find("attempt 3"), std::string::npos);
}

TEST(retrying, attempts_of_all_calls_together_stay_within_the_budget) {
    world sim{3};
    ledger book{sim};
    sim.network().defaults().cut_answers_at = 1;  // lost by a server that is there: no reason not to connect
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::basic_proxy<farcall::fixed_delay> proxy{sim.connect(), {.max_attempts = 5, .delay = 20ms}};
    constexpr int calls = 500;
    int ends = 0;
    for (int i = 0; i < calls; ++i) {
        proxy.put(i, [&](farcall::result<int>) { ++ends; });
        sim.run_for(10ms);
    }
    sim.run_for(30s);
    EXPECT_EQ(ends, calls);
    EXPECT_LE(book.puts.size(), static_cast<std::size_t>(calls + calls / 10 + 10));
    EXPECT_GT(book.puts.size(), static_cast<std::size_t>(calls + 10)) << "what is allowed is used";
}

}  // namespace sim_test
