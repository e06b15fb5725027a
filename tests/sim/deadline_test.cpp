#include "support.hpp"

namespace sim_test {

TEST(deadline, ends_a_call_at_exactly_the_stated_moment) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto hurried = farcall::with(book, farcall::timeout{137ms});
    const auto end = sim.run(hurried.slow(5'000, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::unknown);
    EXPECT_EQ(end.error().origin(), farcall::origin::local);
    EXPECT_EQ(sim.elapsed(), 137ms);
}

TEST(deadline, that_passed_before_a_kept_call_is_started_keeps_it_from_being_sent) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto hurried = farcall::with(book, farcall::timeout{50ms});
    const auto late = [&]() -> awaitable<farcall::result<std::string>> {
        auto kept = hurried.slow(1, as_result(use_awaitable));
        // Goes on where the answer is read, so that the kept call is started there, at once.
        co_await book.slow(200, use_awaitable);
        co_return co_await std::move(kept);
    };
    const auto end = sim.run(late());
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
}

TEST(deadline, a_late_answer_is_dropped_and_the_connection_goes_on) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto hurried = farcall::with(book, farcall::timeout{100ms});
    EXPECT_FALSE(sim.run(hurried.slow(150, as_result(use_awaitable))));
    // The late answer of the first call comes while the second waits.
    EXPECT_EQ(sim.run(book.slow(200, use_awaitable)), "after 200 ms");
    EXPECT_EQ(sim.elapsed(), 300ms);
    EXPECT_EQ(sim.network().open_connections(), 1u);
}

TEST(deadline, an_answer_in_time_wins_whatever_the_network_does_to_it) {
    world sim;
    sim.network().defaults() = {.delay = {10ms}, .largest_piece = 5};
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    EXPECT_EQ(sim.run(book.add(1, 2, use_awaitable)), 3);  // connects
    const auto began = sim.elapsed();
    EXPECT_EQ(sim.run(farcall::with(book, farcall::timeout{71ms}).slow(50, use_awaitable)), "after 50 ms");
    EXPECT_EQ(sim.elapsed() - began, 70ms);
    EXPECT_FALSE(sim.run(farcall::with(book, farcall::timeout{69ms}).slow(50, as_result(use_awaitable))));
    EXPECT_EQ(sim.elapsed() - began, 139ms);
}

TEST(deadline, of_ten_seconds_holds_for_a_call_that_names_none) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto end = sim.run(book.slow(3'600'000, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    EXPECT_EQ(sim.elapsed(), 10s);
}

TEST(deadline, none_must_be_said_and_is_kept) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto patient = farcall::with(book, farcall::no_timeout);
    EXPECT_EQ(sim.run(patient.slow(7'200'000, use_awaitable), 3h), "after 7200000 ms");
    EXPECT_EQ(sim.elapsed(), 2h);
}

TEST(deadline, many_deadlines_end_in_their_order) {
    world sim{11};
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    std::vector<std::chrono::nanoseconds> ends;
    for (int i = 0; i < 100; ++i) {
        const std::chrono::milliseconds timeout{1 + static_cast<int>(sim.random().next() % 1'000)};
        sim.spawn([&, timeout]() -> awaitable<void> {
            const auto hurried = farcall::with(book, farcall::timeout{timeout});
            const auto end = co_await hurried.slow(100'000, as_result(use_awaitable));
            EXPECT_FALSE(end);
            EXPECT_EQ(sim.elapsed(), timeout);
            ends.push_back(sim.elapsed());
        });
    }
    sim.run_for(2s);
    EXPECT_EQ(ends.size(), 100u);
    EXPECT_TRUE(std::is_sorted(ends.begin(), ends.end()));
}

TEST(deadline, of_a_call_ends_it_while_the_client_still_connects) {
    world sim;
    sim.network().partition("client", "server");
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto end = sim.run(farcall::with(book, farcall::timeout{2s}).add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(sim.elapsed(), 2s);
}

TEST(deadline, of_connecting_ends_the_calls_that_wait_for_it) {
    world sim;
    sim.network().partition("client", "server");
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const auto end = sim.run(farcall::with(book, farcall::no_timeout).add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("client_options::connect_timeout"), std::string::npos);
    EXPECT_EQ(sim.elapsed(), 10s);

    sim.network().heal();
    EXPECT_EQ(sim.run(book.add(1, 2, use_awaitable)), 3);
}

TEST(deadline, is_told_to_the_server_as_what_is_left) {
    world sim;
    sim.network().defaults().delay = {0ms};
    farcall::server server{sim.server_options()};
    std::chrono::nanoseconds left{0};
    server.add("left", [&](farcall::context& call) { left = call.deadline() - sim.now(); });
    server.listen("sim://server");
    server.start();
    const auto client = farcall::with(sim.connect(), farcall::timeout{250ms});
    sim.run(client.async_call<void>(use_awaitable, "left"));
    EXPECT_EQ(left, 250ms);
}

TEST(deadline, what_a_call_has_waited_for_a_connection_is_not_left) {
    world sim;
    sim.network().defaults().delay = {0ms};
    farcall::server server{sim.server_options()};
    std::chrono::nanoseconds left{0};
    server.add("left", [&](farcall::context& call) { left = call.deadline() - sim.now(); });
    sim.spawn([&]() -> awaitable<void> {
        co_await sim.delay(500ms);
        server.listen("sim://server");
        server.start();
    });
    const auto client = farcall::with(sim.connect(), farcall::timeout{10s}, farcall::wait_for_ready);
    sim.run(client.async_call<void>(use_awaitable, "left"));
    EXPECT_GE(sim.elapsed(), 500ms);
    EXPECT_EQ(left, 10s - sim.elapsed());
}

TEST(deadline, half_open_connections_end_their_calls_by_it) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    EXPECT_EQ(sim.run(book.add(1, 2, use_awaitable)), 3);
    sim.network().silence("client", "server");
    const auto end = sim.run(farcall::with(book, farcall::timeout{3s}).add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::unknown);
    EXPECT_EQ(sim.elapsed(), 3s);
}

}  // namespace sim_test
