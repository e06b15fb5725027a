#include <stop_token>

#include "support.hpp"

namespace sim_test {

RPC_SERVICE(Front, (ask, std::string(int ms, int timeout)))

/// Answers by a call of its own, which ends with the one that it answers.
struct front {
    Ledger::proxy behind;
    std::vector<status>& ends;

    awaitable<std::string> ask(farcall::context& call, int ms, int timeout) {
        const auto bounded = farcall::with(behind, farcall::timeout{std::chrono::milliseconds{timeout}}, call);
        auto end = co_await bounded.slow(ms, as_result(use_awaitable));
        ends.push_back(end ? status::ok : end.error().status());
        co_return std::move(end).value();
    }
};

class inherited : public ::testing::Test {
protected:
    world sim;
    ledger book{sim};
    std::vector<status> ends;
    std::unique_ptr<farcall::server> behind = sim.serve<Ledger>(std::ref(book), "sim://behind");
    std::unique_ptr<farcall::server> server =
        sim.serve<Front>(front{Ledger::proxy{sim.connect("sim://behind", "server")}, ends});
    Front::proxy proxy{sim.connect()};
};

TEST_F(inherited, a_handlers_own_call_ends_with_the_call_that_it_answers) {
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{300ms}).ask(5'000, 60'000, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    sim.run_for(0ms);
    // At the same moment its own deadline passes and the server stops the handler.
    ASSERT_EQ(ends.size(), 1u);
    EXPECT_TRUE(ends[0] == status::deadline_exceeded || ends[0] == status::cancelled);
    EXPECT_EQ(sim.elapsed(), 300ms);
}

TEST_F(inherited, its_own_timeout_counts_where_it_is_shorter) {
    const auto end = sim.run(farcall::with(proxy, farcall::timeout{300ms}).ask(5'000, 100, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded);
    EXPECT_EQ(sim.elapsed(), 100ms);
}

TEST_F(inherited, without_a_timeout_at_all_the_deadline_holds) {
    const auto client = farcall::with(farcall::with(sim.connect(), farcall::timeout{50ms}), farcall::no_timeout);
    EXPECT_EQ(sim.run(client.async_call<std::string>(use_awaitable, "Front.ask", 100, 60'000)), "after 100 ms");
}

farcall::error refused(world& sim, std::string_view key) {
    const auto end = sim.run(farcall::with(Ledger::proxy{sim.connect()}, farcall::idempotency_key{std::string{key}})
                                 .pay(1, as_result(use_awaitable)));
    return end ? farcall::error{} : end.error();
}

TEST(idempotency_key, that_makes_no_sense_is_refused_before_anything_is_sent) {
    world sim;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    for (const std::string& key : {std::string{}, std::string(257, 'k'), std::string{"\xff"}}) {
        const farcall::error why = refused(sim, key);
        EXPECT_EQ(why.status(), status::invalid_argument) << why.what();
        EXPECT_EQ(why.executed(), executed::no);
        EXPECT_NE(why.message().find("1 to 256 bytes"), std::string::npos) << why.what();
    }
    EXPECT_TRUE(book.pays.empty());
}

TEST(idempotency_key, is_refused_for_a_method_that_is_not_exactly_once) {
    world sim;
    ledger book{sim};
    auto server = sim.serve<Ledger>(std::ref(book));
    const auto keyed = farcall::with(Ledger::proxy{sim.connect()}, farcall::idempotency_key{"order-77"});
    for (const auto& end : {sim.run(keyed.post(1, as_result(use_awaitable))), sim.run(keyed.put(1, as_result(use_awaitable)))}) {
        EXPECT_EQ(end.error().status(), status::invalid_argument) << text_of(end);
        EXPECT_EQ(end.error().executed(), executed::no);
        EXPECT_NE(end.error().message().find("exactly_once"), std::string::npos);
    }
    EXPECT_TRUE(book.posts.empty());
    EXPECT_TRUE(book.puts.empty());
}

}  // namespace sim_test
