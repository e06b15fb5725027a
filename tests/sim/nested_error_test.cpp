#include "support.hpp"

#include <farcall/retry/exponential_backoff.hpp>

/// Errors of a handler's own calls, on their way to its caller.
namespace sim_test {

RPC_SERVICE(Shop,
    (buy, int(int item)),
    (refuse, int(int item)))

struct shop {
    Ledger::proxy behind;
    int sold = 0;

    awaitable<int> buy(int item) {
        ++sold;
        co_return co_await behind.post(item, use_awaitable);
    }
    int refuse(int) { throw farcall::error{status::unavailable, "closed on Sundays"}.with_executed(executed::no); }
};

TEST(nested_error, that_says_that_the_nested_call_did_not_run_does_not_say_so_of_the_outer_one) {
    world sim;
    shop handler{Ledger::proxy{sim.connect("sim://nobody", "server")}};
    auto server = sim.serve<Shop>(std::ref(handler));
    Shop::basic_proxy<farcall::exponential_backoff> proxy{sim.executor(), "sim://server", {.max_attempts = 3},
                                                          sim.client_options()};
    const auto end = sim.run(proxy.buy(1, as_result(use_awaitable)));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().status(), status::unavailable) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::yes);
    EXPECT_EQ(handler.sold, 1) << "it was sold again, by the caller's retry policy";
}

TEST(nested_error, of_the_handlers_own_making_may_say_that_nothing_ran) {
    world sim;
    shop handler{Ledger::proxy{sim.connect("sim://nobody", "server")}};
    auto server = sim.serve<Shop>(std::ref(handler));
    Shop::proxy proxy{sim.connect()};
    const auto end = sim.run(proxy.refuse(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().executed(), executed::no) << text_of(end);
}

}  // namespace sim_test
