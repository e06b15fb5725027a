#include <farcall.hpp>
#include <farcall/observe/log_events.hpp>

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

/// Observers where threads are involved: blocking calls, several I/O threads, workers.
namespace {

RPC_SERVICE(Watched,
    (add, int(int a, int b), farcall::readonly),
    (crunch, int(int n), farcall::blocking))

struct observed {
    int add(int a, int b) const { return a + b; }
    int crunch(int n) const { return n; }
};

/// Keeps the ends of calls.
struct ends {
    struct end {
        std::string method;
        farcall::status status;
        unsigned attempts;
        bool timed;
    };
    void call_ended(const farcall::call_event& event) {
        const std::lock_guard lock(mutex);
        all.push_back({std::string{event.method}, event.status, event.attempts, event.time.count() >= 0});
    }
    std::vector<end> seen() {
        const std::lock_guard lock(mutex);
        return all;
    }

    std::mutex mutex;
    std::vector<end> all;
};

TEST(observers, see_blocking_calls_those_too_that_are_not_made) {
    farcall::server server;
    server.add<Watched>(observed{});
    server.listen(0);
    server.start();
    const auto told = std::make_shared<ends>();
    farcall::client_options options;
    options.observers = {told};
    const farcall::client client{"tcp://127.0.0.1:" + std::to_string(server.port()), options};
    EXPECT_EQ(client.call<int>("Watched.add", 5, 3), 8);
    EXPECT_FALSE(client.try_call<int>("Watched.add", 5));
    EXPECT_FALSE(client.try_call<std::string>("Watched.add", 5, 3));  // the answer does not fit
    EXPECT_FALSE(client.try_call<int>("Watched.add", "\xff"));        // cannot be sent
    const auto seen = told->seen();
    ASSERT_EQ(seen.size(), 4u);
    EXPECT_EQ(seen[0].status, farcall::status::ok);
    EXPECT_EQ(seen[1].status, farcall::status::invalid_argument);
    EXPECT_EQ(seen[2].status, farcall::status::internal);
    EXPECT_EQ(seen[3].status, farcall::status::invalid_argument);
    EXPECT_EQ(seen[0].attempts, 1u);
    EXPECT_EQ(seen[3].attempts, 0u);
}

TEST(observers, of_a_server_with_threads_see_each_call_once_while_the_level_changes) {
    constexpr int threads = 4, calls = 200;
    std::vector<std::string> lines;  // the logger calls its sink one at a time
    const farcall::logger log{{.level = farcall::log_level::debug,
                               .sink = [&](farcall::log_level, std::string_view line) { lines.emplace_back(line); },
                               .lines_per_second = 0}};
    const auto told = std::make_shared<ends>();
    farcall::server_options options;
    options.io_threads = 2;
    options.observers = {farcall::log_events{log}, told};
    farcall::server server{options};
    server.add<Watched>(observed{});
    server.listen(0);
    server.start();
    std::vector<std::thread> callers;
    for (int t = 0; t < threads; ++t)
        callers.emplace_back([&, t] {
            Watched::proxy proxy{"tcp://127.0.0.1:" + std::to_string(server.port())};
            for (int i = 0; i < calls; ++i) {
                EXPECT_EQ(i % 4 == 0 ? proxy.crunch(i) : proxy.add(i, 0), i);
                if (t == 0 && i % 50 == 0)
                    log.level(log.level() == farcall::log_level::debug ? farcall::log_level::info : farcall::log_level::debug);
            }
        });
    for (std::thread& each : callers) each.join();
    server.stop();
    const auto seen = told->seen();
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(threads * calls));
    for (const auto& each : seen) EXPECT_TRUE(each.timed) << each.method;
    ASSERT_FALSE(lines.empty());
    EXPECT_NE(lines.back().find(" info stopped side=server"), std::string::npos) << "told before stop() returns";
}

}  // namespace
