// A service of one's own, tested on a network that loses connections, in virtual time: an hour passes in a moment.
#include <farcall.hpp>
#include <farcall/testing/simulation.hpp>

#include <iostream>

using namespace std::chrono_literals;

RPC_SERVICE(Counter, (add, int(int n), farcall::exactly_once))

struct counter {
    int sum = 0;
    int add(int n) { return sum += n; }
};

int main() {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        farcall::testing::simulation sim{seed};
        sim.network().defaults() = {.delay = {1ms, 50ms}, .loss = 0.05};
        counter mine;
        const auto server = sim.serve<Counter>(std::ref(mine));
        const Counter::proxy proxy{sim.connect()};
        for (int i = 1; i <= 20; ++i)
            if (sim.run(proxy.add(1, boost::asio::use_awaitable)) != i || mine.sum != i) {
                std::cout << "seed " << seed << ": call " << i << " ran " << mine.sum - i + 1 << " times\n";
                return 1;
            }
    }
    std::cout << "100 seeds, 2000 calls, each executed once\n";
}
