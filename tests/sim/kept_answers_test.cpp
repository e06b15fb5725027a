#include "support.hpp"

#include <farcall/interceptor/bearer_token.hpp>
#include <farcall/interceptor/cache.hpp>
#include <farcall/interceptor/last_known.hpp>
#include <farcall/interceptor/request_ids.hpp>

/// The ready-made interceptors of a client, in whole clients: what they keep, and what they send.
namespace sim_test {

RPC_SERVICE(Prices,
    (of, double(std::string item), farcall::readonly, farcall::cacheable_ms<5'000>),
    (set, void(std::string item, double price)),
    (caller, std::string(), farcall::readonly))

struct prices {
    simulation& sim;
    double price = 1.5;
    int asked = 0;

    awaitable<double> of(std::string) {
        ++asked;
        co_await sim.delay(20ms);
        co_return price;
    }
    void set(std::string, double now) { price = now; }
    std::string caller(farcall::context& call) {
        return std::string{call.headers().get("authorization").value_or("nobody")} + ' ' + std::string{call.request_id()};
    }
};

class kept_answers : public ::testing::Test {
protected:
    Prices::proxy connect(std::vector<farcall::interceptor> chain, std::vector<farcall::interceptor> attempts = {}) {
        farcall::client_options options = sim.client_options();
        options.interceptors = std::move(chain);
        options.attempt_interceptors = std::move(attempts);
        return farcall::with(Prices::proxy{sim.executor(), "sim://server", {}, options}, farcall::report_to(report));
    }

    world sim;
    prices handler{sim};
    std::unique_ptr<farcall::server> server = sim.serve<Prices>(std::ref(handler));
    farcall::call_report report;
};

TEST_F(kept_answers, of_a_cache_leave_the_server_alone_as_long_as_they_are_fresh) {
    const auto calls = connect({farcall::cache{}});
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 1.5);
    EXPECT_FALSE(report.stale);
    EXPECT_EQ(handler.asked, 1);
    sim.run(calls.set("tea", 2.5, use_awaitable));
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 1.5);
    EXPECT_TRUE(report.stale);
    EXPECT_EQ(report.attempts, 0u);
    EXPECT_EQ(handler.asked, 1) << "within its time";
    sim.run_for(5s);
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 2.5);
    EXPECT_FALSE(report.stale);
    EXPECT_EQ(handler.asked, 2);
}

TEST_F(kept_answers, of_a_cache_come_from_one_call_where_many_ask_at_a_time) {
    const auto calls = connect({farcall::cache{}});
    int answered = 0;
    for (int i = 0; i != 100; ++i)
        calls.of("tea", [&](farcall::result<double> got) { answered += got && *got == 1.5 ? 1 : 0; });
    ASSERT_TRUE(sim.run_until([&] { return answered == 100; }));
    EXPECT_EQ(handler.asked, 1);
}

TEST_F(kept_answers, of_a_cache_are_not_awaited_beyond_the_deadline) {
    const auto calls = connect({farcall::cache{}});
    calls.of("tea", [](farcall::result<double>) {});
    const auto hurried = farcall::with(calls, farcall::timeout{5ms});
    const auto end = sim.run(hurried.of("tea", as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_EQ(sim.elapsed() / 1ms, 5);
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 1.5);
    EXPECT_EQ(handler.asked, 1);
}

TEST_F(kept_answers, are_the_last_known_ones_when_there_is_no_server) {
    const auto calls = connect({farcall::last_known{}});
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 1.5);
    EXPECT_FALSE(report.stale);
    server.reset();
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 1.5);
    EXPECT_TRUE(report.stale);
    EXPECT_EQ(report.attempts, 1u);
    const auto other = sim.run(calls.of("milk", as_result(use_awaitable)));
    EXPECT_EQ(other.error().status(), status::unavailable) << text_of(other);
    EXPECT_FALSE(report.stale);
    const auto effect = sim.run(calls.set("tea", 1, as_result(use_awaitable)));
    EXPECT_EQ(effect.error().status(), status::unavailable) << text_of(effect);
    server = sim.serve<Prices>(std::ref(handler));
    handler.price = 3.5;
    EXPECT_EQ(sim.run(farcall::with(calls, farcall::wait_for_ready).of("tea", use_awaitable)), 3.5);
    EXPECT_FALSE(report.stale);
}

TEST_F(kept_answers, are_the_last_known_ones_behind_the_deadline) {
    const auto calls = connect({farcall::last_known{}});
    EXPECT_EQ(sim.run(calls.of("tea", use_awaitable)), 1.5);
    const auto hurried = farcall::with(calls, farcall::timeout{5ms});
    EXPECT_EQ(sim.run(hurried.of("tea", use_awaitable)), 1.5);
    EXPECT_TRUE(report.stale);
}

TEST_F(kept_answers, are_not_needed_to_say_who_calls_and_for_which_request) {
    const auto calls = connect({farcall::request_ids{std::make_shared<farcall::seeded_random>(1)}}, {farcall::bearer_token{"secret"}});
    const std::string seen = sim.run(calls.caller(use_awaitable));
    EXPECT_EQ(seen.substr(0, 14), "Bearer secret ");
    EXPECT_EQ(seen.size(), 14u + 32u);
    EXPECT_NE(sim.run(calls.caller(use_awaitable)), seen);
}

}  // namespace sim_test
