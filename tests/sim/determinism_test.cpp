#include "support.hpp"

#include <set>

namespace sim_test {

/// A world with everything in it; what happened in it as one number.
inline std::uint64_t busy_world(std::uint64_t seed) {
    world sim{seed};
    sim.network().defaults() = {.delay = {0ms, 3ms}, .largest_piece = 30, .largest_read = 40, .refusal = 0.1,
                                .loss = 0.005, .blocked_write = 0.2};
    auto server = sim.serve<Ledger>(ledger{sim});
    std::vector<Ledger::basic_proxy<farcall::exponential_backoff>> clients;
    for (int i = 0; i < 5; ++i)
        clients.emplace_back(sim.connect("sim://server", "client-" + std::to_string(i)),
                             farcall::exponential_backoff{.full_jitter = true});
    for (std::size_t i = 0; i < 5; ++i)
        sim.spawn([&, i]() -> awaitable<void> {
            for (int k = 0; k < 10; ++k) (void)co_await clients[i].slow(k, as_result(use_awaitable));
        });
    sim.run_for(5s);
    server->stop();
    sim.run_for(20s);
    return sim.trace_hash();
}

TEST(determinism, the_same_seed_gives_the_same_events) {
    std::set<std::uint64_t> all;
    // Between two runs the memory is used differently, so that an order by addresses would show.
    std::vector<std::unique_ptr<std::string>> memory;
    for_seeds(15, [&](std::uint64_t seed) {
        const std::uint64_t first = busy_world(seed);
        for (std::size_t i = 0; i < 50; ++i) memory.push_back(std::make_unique<std::string>(100 + i * seed % 900, 'm'));
        EXPECT_EQ(busy_world(seed), first);
        all.insert(first);
    });
    const auto range = farcall::testing::seeds(15);
    EXPECT_EQ(all.size(), range.last - range.first + 1) << "other seeds, other events";
}

}  // namespace sim_test
