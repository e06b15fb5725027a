#include "support.hpp"

#include <farcall/observe/client_metrics.hpp>
#include <farcall/retry/fixed_delay.hpp>

/// What a client counts of its own calls, in virtual time.
namespace {

using namespace sim_test;

struct metered_world : world {
    metered_world() {
        network().defaults().delay = {4ms, 4ms};
        server.emplace(server_options());
        server->add<Ledger>(ledger{*this});
        server->listen("sim://server");
        server->start();
    }
    farcall::client client() {
        auto options = client_options();
        options.observers = {metrics};
        return farcall::client{executor(), "sim://server", std::move(options)};
    }
    farcall::client_method_metrics of(std::string_view method) const {
        for (auto& each : metrics->read().methods)
            if (each.method == method) return each;
        return {};
    }

    std::shared_ptr<farcall::client_metrics> metrics = std::make_shared<farcall::client_metrics>();
    std::optional<farcall::server> server;
};

TEST(client_metrics, show_network_and_method_time_apart) {
    metered_world sim;
    const Ledger::proxy ledger{sim.client()};
    EXPECT_EQ(sim.run(ledger.slow(30, use_awaitable)), "after 30 ms");
    EXPECT_EQ(sim.run(ledger.slow(30, use_awaitable)), "after 30 ms");
    const auto slow = sim.of("Ledger.slow");
    EXPECT_EQ(slow.calls, 2u);
    EXPECT_EQ(slow.server_time.min(), 30ms);
    EXPECT_EQ(slow.server_time.max(), 30ms);
    EXPECT_EQ(slow.network_time.min(), 8ms);
    EXPECT_EQ(slow.latency.min(), 38ms);
    EXPECT_EQ(sim.metrics->read().connections, 1u);
}

TEST(client_metrics, count_what_the_server_counts) {
    metered_world sim;
    const Ledger::proxy ledger{sim.client()};
    for (int i = 0; i != 5; ++i) sim.run(ledger.add(i, 1, use_awaitable));
    sim.run(ledger.post(1, use_awaitable));
    const auto client = sim.of("Ledger.add");
    for (const farcall::method_metrics& server : sim.server->metrics().methods)
        if (server.method == "Ledger.add") {
            EXPECT_EQ(server.calls, client.calls);
            EXPECT_EQ(server.bytes_in, client.bytes_out);
            EXPECT_EQ(server.bytes_out, client.bytes_in);
        }
    EXPECT_EQ(client.calls, 5u);
    EXPECT_EQ(client.attempts, 5u);
}

TEST(client_metrics, count_attempts_and_failures_of_a_server_that_is_gone) {
    metered_world sim;
    const Ledger::basic_proxy<farcall::fixed_delay> ledger{sim.client(), {.max_attempts = 3, .delay = 10ms}};
    EXPECT_EQ(sim.run(ledger.add(1, 1, use_awaitable)), 2);
    sim.server->stop(0ms);
    sim.run_for(10ms);
    EXPECT_FALSE(sim.run(ledger.add(1, 1, as_result(use_awaitable))));
    const auto add = sim.of("Ledger.add");
    EXPECT_EQ(add.calls, 2u);
    EXPECT_EQ(add.failures, 1u);
    EXPECT_EQ(add.outcomes[status::unavailable], 1u);
    EXPECT_EQ(add.retries, add.attempts - 2);
    EXPECT_EQ(sim.metrics->read().connections, 0u);
    EXPECT_GT(sim.metrics->read().connect_failures, 0u);
}

}  // namespace
