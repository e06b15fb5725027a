#include "support.hpp"

namespace sim_test {

/// A server looks at its time limits once a second.
constexpr auto watch = 2s;

const std::string add_request = frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.add","params":[1,2]})");

TEST(limits, a_connection_that_says_nothing_is_closed_after_the_handshake_time) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    EXPECT_FALSE(peer->ends_within(9s));
    EXPECT_TRUE(peer->ends_within(1s + watch));
}

TEST(limits, a_trickle_of_bytes_does_not_stretch_the_handshake_time) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    std::size_t at = 0;
    while (sim.elapsed() < 30s && !peer->ended()) {
        peer->write(add_request.substr(at++, 1));
        peer->read(500ms);
        ASSERT_LT(at, add_request.size());
    }
    EXPECT_GE(sim.elapsed(), 10s);
    EXPECT_LE(sim.elapsed(), 10s + watch);
}

TEST(limits, a_body_that_comes_slowly_behind_its_head_has_the_time_of_a_connection_that_is_idle) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    peer->write("POST /Ledger.add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\n[1,2]");
    for (int blanks = 0; blanks < 25; ++blanks) {
        sim.run_for(1s);
        ASSERT_EQ(peer->write(" "), 1u);
    }
    const auto answer = peer->read(1s);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->starts_with("HTTP/1.1 200 OK")) << *answer;
    auto stuck = raw_stream::connect(sim);
    stuck->write("POST /Ledger.add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\n[1,2]");
    EXPECT_FALSE(stuck->ends_within(290s));
    EXPECT_TRUE(stuck->ends_within(20s));
}

TEST(limits, an_idle_connection_is_closed_and_a_busy_one_is_not) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    auto idle = raw_stream::connect(sim);
    ASSERT_TRUE(idle);
    idle->write(add_request);
    ASSERT_TRUE(idle->read(1s));
    auto busy = raw_stream::connect(sim);
    ASSERT_TRUE(busy);
    busy->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.slow","params":[900000]})"));

    EXPECT_FALSE(idle->ends_within(299s));
    EXPECT_TRUE(idle->ends_within(1s + watch));
    // The call of the other one takes 15 minutes, and has its answer.
    EXPECT_TRUE(busy->read(601s));
    EXPECT_FALSE(busy->ended());
    EXPECT_TRUE(busy->ends_within(300s + watch)) << "then it is idle, too";
}

TEST(limits, a_peer_that_takes_no_answer_is_closed_after_the_write_stall_time) {
    world sim;
    sim.network().defaults().capacity = 1'000;
    auto server = sim.serve<Ledger>(ledger{sim});
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    peer->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.repeat","params":[100000]})"));
    sim.run_for(29s);
    EXPECT_EQ(sim.network().open_connections(), 1u);
    sim.run_for(1s + watch);
    EXPECT_EQ(sim.network().open_connections(), 0u);
}

TEST(limits, a_peer_that_takes_its_answer_slowly_is_not_stalled) {
    world sim;
    sim.network().defaults().capacity = 32u << 10;
    auto server = sim.serve<Ledger>(ledger{sim});
    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    constexpr std::size_t size = 500'000;
    peer->write(frame(R"({"jsonrpc":"2.0","id":1,"method":"Ledger.repeat","params":[500000]})"));
    std::size_t received = 0;
    while (received < size) {
        sim.run_for(10s);  // 3.2 KiB/s: minutes for the whole, and never 30 s without a part
        const auto bytes = peer->read(1s);
        ASSERT_TRUE(bytes) << "closed after " << received << " bytes at " << sim.elapsed() / 1s << " s";
        received += bytes->size();
    }
    EXPECT_GT(sim.elapsed(), 90s);
}

TEST(drain, answers_what_was_taken_and_takes_no_more) {
    world sim;
    sim.network().defaults().delay = {5ms};
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    int answered = 0;
    for (int i = 0; i < 20; ++i)
        sim.spawn([&, i]() -> awaitable<void> {
            EXPECT_EQ(co_await proxy.slow_post(i, 100 + i, use_awaitable), i);
            ++answered;
        });
    sim.run_for(50ms);
    EXPECT_EQ(book.posts.size(), 20u);
    server->stop();
    sim.run_for(20ms);
    // A new client finds nobody.
    Ledger::proxy other{sim.connect("sim://server", "other")};
    const auto refused = sim.run(other.add(1, 2, as_result(use_awaitable)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().executed(), executed::no);
    sim.run_for(1s);
    EXPECT_EQ(answered, 20);
    EXPECT_EQ(sim.network().open_connections(), 0u);

    const auto after = sim.run(proxy.post(1, as_result(use_awaitable)));
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().status(), status::unavailable);
    EXPECT_EQ(after.error().executed(), executed::no);
}

TEST(drain, loses_no_answer_of_a_client_that_goes_on_calling) {
    int answered = 0;
    for_seeds(50, [&](std::uint64_t seed) {
        world sim{seed};
        sim.network().defaults().delay = {1ms, 5ms};
        ledger book{sim};
        auto server = sim.serve<Ledger>(std::ref(book));
        Ledger::proxy proxy{sim.connect()};
        std::vector<int> missed;
        for (int i = 0; i < 200; ++i)
            sim.spawn([&, i]() -> awaitable<void> {
                co_await sim.delay(i * 500us);
                const auto end = co_await proxy.slow_post(i, 20, as_result(use_awaitable));
                if (end)
                    ++answered;
                else
                    missed.push_back(i);
            });
        sim.run_for(50ms);
        // Requests go on coming while the last answers leave: unread, they must not reset the connection.
        server->stop();
        sim.run_for(15s);
        for (const int entry : missed)
            EXPECT_EQ(std::count(book.posts.begin(), book.posts.end(), entry), 0)
                << "entry " << entry << " was executed, and its answer is lost";
    });
    EXPECT_GT(answered, 0);
}

TEST(drain, cuts_off_what_takes_longer_than_the_grace) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy proxy{sim.connect()};
    std::optional<farcall::result<std::string>> end;
    sim.spawn([&]() -> awaitable<void> {
        end = co_await farcall::with(proxy, farcall::no_timeout).slow(3'600'000, as_result(use_awaitable));
    });
    sim.run_for(10ms);
    server->stop(2s);
    sim.run_for(1'900ms);
    EXPECT_FALSE(end);
    sim.run_for(200ms);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().status(), status::unavailable) << text_of(*end);
    EXPECT_EQ(end->error().executed(), executed::unknown);
}

TEST(drain, holds_its_grace_when_the_server_object_is_gone) {
    world sim;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    std::optional<farcall::result<std::string>> quick;
    std::optional<farcall::result<std::string>> endless;
    sim.spawn([&]() -> awaitable<void> { quick = co_await proxy.slow(100, as_result(use_awaitable)); });
    sim.spawn([&]() -> awaitable<void> {
        endless = co_await farcall::with(proxy, farcall::no_timeout).slow(1'800'000, as_result(use_awaitable));
    });
    sim.run_for(10ms);
    server.reset();  // with an executor of the caller's it stops in order, as server_options::drain (10 s) says
    sim.run_for(11s);
    ASSERT_TRUE(quick && *quick);
    ASSERT_TRUE(endless) << "the call goes on for ever";
    EXPECT_EQ(endless->error().status(), status::unavailable) << text_of(*endless);
}

}  // namespace sim_test
