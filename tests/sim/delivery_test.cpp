#include "support.hpp"

#include <set>

namespace sim_test {

TEST(delivery, a_call_is_answered_without_a_socket_or_a_wait) {
    world sim;
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    EXPECT_EQ(sim.run(book.add(5, 3, use_awaitable)), 8);
    EXPECT_EQ(sim.elapsed(), 0s);
}

TEST(delivery, answers_survive_every_split_of_the_byte_stream) {
    // Pieces of at most n bytes both ways, reads of at most m: with n and m from 1 on, every offset is a split.
    for (std::size_t piece = 1; piece <= 40; ++piece)
        for (std::size_t read : {std::size_t{1}, std::size_t{3}, piece, std::size_t{0}}) {
            world sim{piece};
            sim.network().defaults() = {.delay = {0us, 50us}, .largest_piece = piece, .largest_read = read};
            auto server = sim.serve<Ledger>(ledger{sim});
            Ledger::proxy book{sim.connect()};
            const std::string text = "split at " + std::to_string(piece) + " \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 \\ \" end";
            ASSERT_EQ(sim.run(book.echo(text, use_awaitable)), text);
            ASSERT_EQ(sim.run(book.add(1, 2, use_awaitable)), 3);
        }
}

TEST(delivery, many_calls_in_flight_are_matched_whatever_the_order_of_their_answers) {
    for_seeds(20, [](std::uint64_t seed) {
        world sim{seed};
        sim.network().defaults() = {.delay = {0ms, 5ms}, .largest_piece = 200};
        auto server = sim.serve<Ledger>(ledger{sim});
        Ledger::proxy book{sim.connect()};
        int ended = 0;
        std::vector<int> order;
        for (int i = 0; i < 200; ++i) {
            const int ms = static_cast<int>(sim.random().next() % 50);
            sim.spawn([&, i, ms]() -> awaitable<void> {
                if (i % 2 == 0) {
                    const std::string text = co_await book.slow(ms, use_awaitable);
                    EXPECT_EQ(text, "after " + std::to_string(ms) + " ms");
                    order.push_back(i);
                } else {
                    const int sum = co_await book.add(i, 1000, use_awaitable);
                    EXPECT_EQ(sum, 1000 + i);
                }
                ++ended;
            });
        }
        sim.run_for(1s);
        EXPECT_EQ(ended, 200);
        EXPECT_FALSE(std::is_sorted(order.begin(), order.end())) << "the answers came in the order of the calls";
    });
}

TEST(delivery, several_clients_share_a_server) {
    world sim{3};
    sim.network().defaults().delay = {1ms, 9ms};
    auto server = sim.serve<Ledger>(ledger{sim});
    std::vector<Ledger::proxy> clients;
    for (int i = 0; i < 20; ++i) clients.emplace_back(sim.connect("sim://server", "client-" + std::to_string(i)));
    int ended = 0;
    for (int i = 0; i < 20; ++i)
        sim.spawn([&, i]() -> awaitable<void> {
            for (int k = 0; k < 10; ++k) {
                const int sum = co_await clients[static_cast<std::size_t>(i)].add(i, k, use_awaitable);
                EXPECT_EQ(sum, i + k);
            }
            ++ended;
        });
    sim.run_for(1s);
    EXPECT_EQ(ended, 20);
    EXPECT_EQ(sim.network().open_connections(), 20u);
}

TEST(delivery, large_messages_pass_a_narrow_pipe_with_blocked_writes) {
    world sim{5};
    sim.network().defaults() = {.delay = {0us, 20us}, .largest_piece = 700, .capacity = 1000, .blocked_write = 0.5};
    auto server = sim.serve<Ledger>(ledger{sim});
    Ledger::proxy book{sim.connect()};
    const std::string text(300'000, 'y');
    EXPECT_EQ(sim.run(book.echo(text, use_awaitable)), text);
}

TEST(delivery, a_peer_that_never_reads_is_stopped_and_loses_nothing) {
    world sim;
    sim.network().defaults().capacity = 64u << 10;
    int executed = 0;
    farcall::server server{sim.server_options()};
    server.add("big", [&](int size) {
        ++executed;
        return std::string(static_cast<std::size_t>(size), 'z');
    });
    server.listen("sim://server");
    server.start();

    auto peer = raw_stream::connect(sim);
    ASSERT_TRUE(peer);
    const std::string request = frame(R"({"jsonrpc":"2.0","id":1,"method":"big","params":[100000]})");
    std::string unsent;
    int sent = 0;
    for (int i = 0; i < 20'000; ++i) {
        if (unsent.empty()) {
            unsent = request;
            ++sent;
        }
        unsent.erase(0, peer->write(unsent));
        sim.run_for(0s);
    }
    // The answers that wait are bounded by limits::write_buffer_soft, and one more; so are the requests that are taken.
    EXPECT_LE(executed, 13);
    EXPECT_LT(sent, 5'000) << "the server reads on although nobody takes its answers";

    // Once the peer reads, all of it comes.
    std::size_t received = 0;
    const std::size_t answer = frame(R"({"jsonrpc":"2.0","id":1,"result":""})").size() + 100'000;
    const auto complete = static_cast<std::size_t>(unsent.empty() ? sent : sent - 1);
    while (received < answer * complete) {
        const auto bytes = peer->read(1s);
        ASSERT_TRUE(bytes) << received << " of " << answer * complete;
        received += bytes->size();
    }
    EXPECT_EQ(received, answer * complete);
    EXPECT_EQ(executed, static_cast<int>(complete));
}

TEST(delivery, a_client_bounds_what_a_server_that_never_reads_leaves_with_it) {
    world sim;
    const auto listener =
        sim.network().host("deaf")->listen(farcall::parse_endpoint("sim://deaf").value(), sim.executor());
    std::unique_ptr<farcall::byte_stream> held;
    listener->async_accept(sim.executor(), [&](boost::system::error_code, auto stream) { held = std::move(stream); });
    Ledger::proxy book{sim.connect("sim://deaf")};
    const std::string text(100'000, 'w');
    int refused = 0;
    int late = 0;
    for (int i = 0; i < 200; ++i)
        sim.spawn([&]() -> awaitable<void> {
            const auto end = co_await book.echo(text, as_result(use_awaitable));
            if (!end && end.error().status() == status::resource_exhausted) {
                EXPECT_EQ(end.error().executed(), executed::no);
                ++refused;
            } else {
                EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
                ++late;
            }
        });
    sim.run_for(30s);
    EXPECT_EQ(refused + late, 200);
    EXPECT_GE(refused, 100);
    EXPECT_LE(late, 90) << "more than limits::write_buffer_hard is kept";
}

}  // namespace sim_test
