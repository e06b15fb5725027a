#include "support.hpp"

namespace sim_test {

/// The outcome of one `post` over a connection that is cut by `options`, and how often it was executed.
struct cut_outcome {
    farcall::result<int> end;
    std::size_t executions;
};

inline cut_outcome post_over(const farcall::testing::link_options& options) {
    world sim;
    sim.network().defaults() = options;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    auto end = sim.run(proxy.post(7, as_result(use_awaitable)));
    return {std::move(end), book.posts.size()};
}

/// How many bytes one `post` takes in each direction.
struct bytes_of_call {
    std::uint64_t request = 0;
    std::uint64_t answer = 0;

    explicit bytes_of_call(const farcall::testing::link_options& options = {}) {
        world sim;
        sim.network().defaults() = options;
        sim.network().observe([&](const farcall::testing::network_event& event) {
            if (event.what == farcall::testing::network_event::kind::wrote)
                (event.answers ? answer : request) += event.count;
        });
        auto server = sim.serve<Ledger>(ledger{sim});
        Ledger::proxy proxy{sim.connect()};
        sim.run(proxy.post(7, use_awaitable));
    }
};

TEST(loss, at_every_byte_of_a_request_is_told_as_unknown_and_executed_at_most_once) {
    const bytes_of_call bytes;
    ASSERT_GT(bytes.request, 20u);
    for (std::uint64_t at = 0; at < bytes.request; ++at) {
        const cut_outcome outcome = post_over({.cut_requests_at = at});
        ASSERT_FALSE(outcome.end) << at;
        EXPECT_EQ(outcome.end.error().status(), status::unavailable) << at << ' ' << text_of(outcome.end);
        EXPECT_EQ(outcome.end.error().executed(), executed::unknown) << at << ": its bytes had left";
        EXPECT_EQ(outcome.executions, 0u) << at;
    }
    // With its last byte the request has arrived, and the answer is lost with the connection.
    const bytes_of_call slowly{{.delay = {1ms}}};  // what is left of the deadline when it is sent is shorter
    const cut_outcome whole = post_over({.delay = {1ms}, .cut_requests_at = slowly.request});
    ASSERT_FALSE(whole.end);
    EXPECT_EQ(whole.end.error().executed(), executed::unknown);
}

TEST(loss, at_every_byte_of_an_answer_is_told_as_unknown_after_one_execution) {
    const bytes_of_call bytes;
    ASSERT_GT(bytes.answer, 20u);
    for (std::uint64_t at = 0; at < bytes.answer; ++at) {
        const cut_outcome outcome = post_over({.cut_answers_at = at});
        ASSERT_FALSE(outcome.end) << at;
        EXPECT_EQ(outcome.end.error().status(), status::unavailable) << at << ' ' << text_of(outcome.end);
        EXPECT_EQ(outcome.end.error().executed(), executed::unknown) << at;
        EXPECT_EQ(outcome.executions, 1u) << at;
    }
    const cut_outcome whole = post_over({.cut_answers_at = bytes.answer});
    ASSERT_TRUE(whole.end) << "an answer that came whole counts: " << text_of(whole.end);
    EXPECT_EQ(whole.executions, 1u);
}

TEST(loss, before_the_request_left_is_told_as_not_executed) {
    world sim;
    sim.network().defaults().capacity = 1'000;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
    // Nothing arrives any more, so that the first of two requests fills the pipe and the second waits behind it.
    sim.network().partition("client", "server");
    std::optional<farcall::result<std::string>> first;
    std::optional<farcall::result<int>> second;
    sim.spawn([&]() -> awaitable<void> { first = co_await proxy.echo(std::string(5'000, 'x'), as_result(use_awaitable)); });
    sim.spawn([&]() -> awaitable<void> { second = co_await proxy.post(1, as_result(use_awaitable)); });
    sim.run_for(1s);
    sim.network().disconnect("client", "server");
    sim.run_for(0s);
    ASSERT_TRUE(first && second);
    ASSERT_FALSE(*first);
    ASSERT_FALSE(*second);
    EXPECT_EQ(first->error().executed(), executed::unknown) << text_of(*first);
    EXPECT_EQ(second->error().executed(), executed::no) << text_of(*second);
    EXPECT_EQ(second->error().status(), status::unavailable);
    EXPECT_TRUE(book.posts.empty());
}

TEST(loss, while_the_answer_is_under_way_ends_every_call_in_flight) {
    world sim;
    sim.network().defaults().delay = {10ms};
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    int ended = 0;
    for (int i = 0; i < 50; ++i)
        sim.spawn([&, i]() -> awaitable<void> {
            const auto end = co_await proxy.post(i, as_result(use_awaitable));
            EXPECT_FALSE(end);
            EXPECT_EQ(end.error().executed(), executed::unknown);
            ++ended;
        });
    // Connected at 20 ms, executed at 30 ms, the answers would be here at 40 ms.
    sim.run_for(35ms);
    EXPECT_EQ(book.posts.size(), 50u);
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(sim.network().disconnect("server"), 1u);
    sim.run_for(0s);
    EXPECT_EQ(ended, 50);
    sim.run_for(1s);
    EXPECT_EQ(ended, 50);
}

TEST(loss, is_followed_by_a_new_connection_with_the_next_call) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy proxy{sim.connect()};
    for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(sim.run(proxy.add(i, 1, use_awaitable)), i + 1);
        ASSERT_EQ(sim.network().disconnect("client"), 1u);
        sim.run_for(1ms);
    }
    EXPECT_EQ(sim.network().open_connections(), 0u);
}

TEST(loss, of_a_server_that_nobody_started_is_told_as_not_executed) {
    world sim;
    Ledger::proxy proxy{sim.connect()};
    const auto end = sim.run(proxy.post(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_NE(end.error().message().find("is the server running"), std::string::npos);

    // The server comes up: the same proxy finds it.
    auto server = sim.serve<Ledger>(ledger{sim});
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 1);
}

TEST(loss, of_a_partition_that_heals_loses_nothing) {
    world sim;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    EXPECT_EQ(sim.run(proxy.post(1, use_awaitable)), 1);
    sim.network().partition("client", "server");
    std::optional<int> answer;
    sim.spawn([&]() -> awaitable<void> { answer = co_await proxy.post(2, use_awaitable); });
    sim.run_for(5s);
    EXPECT_FALSE(answer);
    EXPECT_EQ(book.posts.size(), 1u);
    sim.network().heal("client", "server");
    sim.run_for(0s);
    EXPECT_EQ(answer, 2);
    EXPECT_EQ(book.posts.size(), 2u);
}

TEST(loss, closing_the_client_ends_its_calls_as_cancelled) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    farcall::client client = sim.connect();
    Ledger::proxy proxy{client};
    std::optional<farcall::result<std::string>> end;
    sim.spawn([&]() -> awaitable<void> { end = co_await proxy.slow(1'000, as_result(use_awaitable)); });
    sim.run_for(10ms);
    client.close();
    sim.run_for(0s);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().status(), status::cancelled) << text_of(*end);
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3) << "the next call connects anew";
}

TEST(loss, a_blocking_call_inside_of_the_simulation_is_refused) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy proxy{sim.connect()};
    const auto end = sim.run([&]() -> awaitable<farcall::result<int>> { co_return proxy.add(1, 2, as_result); });
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::failed_precondition) << text_of(end);
}

}  // namespace sim_test
