#include "scripted_server.hpp"

#include <algorithm>

namespace sim_test {

/// Notes when connects are tried.
struct connects {
    std::vector<std::chrono::nanoseconds> times;

    explicit connects(simulation& sim) {
        sim.network().observe([this, &sim](const farcall::testing::network_event& event) {
            if (event.what == farcall::testing::network_event::kind::connect) times.push_back(sim.elapsed());
        });
    }
};

inline farcall::client patient(farcall::client client, std::chrono::milliseconds time = 1h) {
    return farcall::with(farcall::with(std::move(client), farcall::wait_for_ready), farcall::timeout{time});
}

/// A client whose pauses are known.
inline farcall::client without_jitter(simulation& sim) {
    auto options = sim.client_options();
    options.reconnect.jitter = 0;
    return farcall::client{sim.executor(), "sim://server", options};
}

TEST(connecting, is_done_once_for_all_calls_that_wait_and_sends_them_in_their_order) {
    world sim;
    sim.network().defaults().delay = {10ms};
    connects tried{sim};
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    int ended = 0;
    for (int i = 0; i < 100; ++i) {
        sim.spawn([&, i]() -> awaitable<void> {
            if (i % 10 == 0) {
                proxy.post(i, farcall::notify);
                co_return;
            }
            EXPECT_EQ(co_await proxy.post(i, use_awaitable), i);
            ++ended;
        });
    }
    sim.run_for(1s);
    EXPECT_EQ(ended, 90);
    EXPECT_EQ(tried.times.size(), 1u);
    ASSERT_EQ(book.posts.size(), 100u);
    EXPECT_TRUE(std::is_sorted(book.posts.begin(), book.posts.end()));
}

TEST(connecting, to_a_server_that_is_down_is_tried_less_and_less_often) {
    world sim;
    connects tried{sim};
    Ledger::proxy proxy{without_jitter(sim)};
    int refused_at_once = 0;
    for (int i = 0; i < 200; ++i) {
        const auto end = sim.run(proxy.post(1, as_result(use_awaitable)));
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().status(), status::unavailable);
        EXPECT_EQ(end.error().executed(), executed::no);
        EXPECT_NE(end.error().message().find("is the server running"), std::string::npos) << end.error().message();
        if (end.error().message().find("client_options::reconnect") != std::string::npos) ++refused_at_once;
        sim.run_for(100ms);
    }
    // 0, at once again, 1 s later, 1.6 s, 2.56 s ... at the next call after it.
    EXPECT_EQ(tried.times, (std::vector<std::chrono::nanoseconds>{0ms, 100ms, 1100ms, 2700ms, 5300ms, 9400ms, 16000ms}));
    EXPECT_EQ(refused_at_once, 193);
    auto server = sim.serve<Ledger>(ledger{sim});
    EXPECT_FALSE(sim.run(proxy.post(1, as_result(use_awaitable)))) << "too early";
    sim.run_for(20s);
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 1);
    sim.network().disconnect("client");
    sim.run_for(0s);
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 1) << "at once after one that worked";
}

TEST(connecting, says_when_the_next_attempt_is_made) {
    world sim;
    Ledger::proxy proxy{without_jitter(sim)};
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(sim.run(proxy.post(1, as_result(use_awaitable))));
    sim.run_for(250ms);
    const auto end = sim.run(proxy.post(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_NE(end.error().message().find("in 750 ms"), std::string::npos) << end.error().message();
}

TEST(connecting, pauses_end_when_the_client_is_closed) {
    world sim;
    farcall::client client = sim.connect();
    Ledger::proxy proxy{client};
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(sim.run(proxy.post(1, as_result(use_awaitable))));
    auto server = sim.serve<Ledger>(ledger{sim});
    client.close();
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 1);
}

TEST(connecting, that_ends_before_a_byte_came_counts_as_failed) {
    world sim;
    connects tried{sim};
    scripted_server server{sim};
    server.on_message = [](auto& link, const std::string&) { link.stream->close(); };
    Ledger::proxy proxy{without_jitter(sim)};
    for (int i = 0; i < 50; ++i) {
        EXPECT_FALSE(sim.run(proxy.post(1, as_result(use_awaitable))));
        sim.run_for(100ms);
    }
    EXPECT_EQ(tried.times.size(), 4u) << "at 0, 0.1, 1.1 and 2.7 s";
}

TEST(connecting, waits_for_a_server_that_is_not_up_yet_where_the_call_says_so) {
    world sim;
    connects tried{sim};
    ledger book{sim};
    Ledger::proxy proxy{patient(without_jitter(sim))};
    std::vector<int> answers;
    for (int i = 0; i < 3; ++i)
        sim.spawn([&, i]() -> awaitable<void> { answers.push_back(co_await proxy.post(i, use_awaitable)); });
    sim.run_for(3s);
    EXPECT_TRUE(answers.empty());
    auto server = sim.serve<Ledger>(std::ref(book));
    sim.run_for(10s);
    EXPECT_EQ(answers, (std::vector<int>{0, 1, 2}));
    EXPECT_EQ(tried.times, (std::vector<std::chrono::nanoseconds>{0ms, 0ms, 1000ms, 2600ms, 5160ms}));
}

TEST(connecting, fails_the_impatient_and_keeps_the_patient) {
    world sim;
    const farcall::client client = without_jitter(sim);
    Ledger::proxy waits{patient(client)}, hurries{client};
    std::optional<int> answer;
    sim.spawn([&]() -> awaitable<void> { answer = co_await waits.post(1, use_awaitable); });
    const auto first = sim.run(hurries.post(2, as_result(use_awaitable)));
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().status(), status::unavailable);
    sim.run_for(100ms);
    const auto second = sim.run(hurries.post(3, as_result(use_awaitable)));
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message().find("in 900 ms"), std::string::npos) << second.error().message();
    EXPECT_EQ(sim.elapsed(), 100ms);
    EXPECT_FALSE(answer);
    auto server = sim.serve<Ledger>(ledger{sim});
    sim.run_for(1s);
    EXPECT_EQ(answer, 1);
}

TEST(connecting, ends_the_patient_at_their_deadlines_and_says_why_there_is_no_connection) {
    world sim;
    Ledger::proxy proxy{patient(sim.connect(), 5s)};
    const auto end = sim.run(proxy.post(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(sim.elapsed(), 5s);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("is the server running"), std::string::npos) << end.error().message();
    const auto before = sim.clock()->alarms_done();
    sim.run_for(1h);
    EXPECT_LE(sim.clock()->alarms_done() - before, 1u) << "nobody waits: nothing is tried any more";
}

TEST(connecting, of_an_attempt_of_a_policy_is_tried_at_once_although_there_is_a_pause) {
    world sim;
    connects tried{sim};
    Ledger::basic_proxy<farcall::exponential_backoff> proxy{sim.connect(), {.max_attempts = 4}};
    EXPECT_FALSE(sim.run(proxy.post(1, as_result(use_awaitable))));
    EXPECT_EQ(tried.times, (std::vector<std::chrono::nanoseconds>{0ms, 100ms, 300ms, 700ms}));
}

TEST(connecting, sends_nothing_of_a_call_whose_deadline_has_passed_before) {
    world sim;
    scripted_server server{sim};
    sim.network().partition("client", "server");
    Ledger::proxy proxy{sim.connect()};
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{1s}).post(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    EXPECT_EQ(end.error().executed(), executed::no) << text_of(end);
    sim.network().heal();
    sim.run_for(1s);
    ASSERT_EQ(server.links.size(), 1u);
    EXPECT_EQ(server.links[0]->messages.size(), 0u);
}

TEST(connecting, sends_a_one_way_call_although_its_proxy_has_gone) {
    world sim;
    sim.network().defaults().delay = {10ms};
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    {
        Ledger::proxy proxy{sim.connect()};
        proxy.post(7, farcall::notify);
    }
    sim.run_for(1s);
    EXPECT_EQ(book.posts, std::vector<int>{7});
    EXPECT_EQ(sim.network().open_connections(), 0u);
}

TEST(connecting, holds_no_more_than_the_write_buffer_may) {
    world sim;
    sim.network().partition("client", "server");
    auto options = sim.client_options();
    options.limits.write_buffer_hard = 10'000;
    Ledger::proxy proxy{farcall::client{sim.executor(), "sim://server", options}};
    std::vector<farcall::result<std::string>> ends;
    for (int i = 0; i < 10; ++i)
        sim.spawn([&]() -> awaitable<void> {
            ends.push_back(co_await proxy.echo(std::string(4'000, 'x'), as_result(use_awaitable)));
        });
    sim.run_for(1s);
    ASSERT_EQ(ends.size(), 7u) << "those beyond three";
    for (const auto& end : ends) {
        EXPECT_EQ(end.error().status(), status::resource_exhausted);
        EXPECT_EQ(end.error().executed(), executed::no);
        EXPECT_NE(end.error().message().find("limits.write_buffer_hard"), std::string::npos);
    }
    auto server = sim.serve<Ledger>(ledger{sim});
    sim.network().heal();
    sim.run_for(1s);
    EXPECT_EQ(ends.size(), 10u);
    EXPECT_TRUE(ends.back());
}

TEST(connecting, is_given_up_with_the_client_and_its_calls_end_as_cancelled) {
    world sim;
    sim.network().partition("client", "server");
    farcall::client client = sim.connect();
    Ledger::proxy proxy{client}, waits{patient(client)};
    std::vector<farcall::result<int>> ends;
    for (const Ledger::proxy* each : {&proxy, &waits})
        sim.spawn([&, each]() -> awaitable<void> { ends.push_back(co_await each->post(1, as_result(use_awaitable))); });
    sim.run_for(1s);
    EXPECT_TRUE(ends.empty());
    client.close();
    sim.run_for(0s);
    ASSERT_EQ(ends.size(), 2u);
    for (const auto& end : ends) {
        EXPECT_EQ(end.error().status(), status::cancelled) << text_of(end);
        EXPECT_EQ(end.error().executed(), executed::no);
    }
}

TEST(connecting, drops_its_calls_when_its_world_ends_in_a_pause) {
    auto token = std::make_shared<int>(0);
    {
        world sim;
        Ledger::proxy proxy{patient(sim.connect())};
        sim.spawn([&, token]() -> awaitable<void> { co_await proxy.post(1, use_awaitable); });
        sim.run_for(30s);
        EXPECT_GT(token.use_count(), 1);
    }
    EXPECT_EQ(token.use_count(), 1);
}

}  // namespace sim_test
