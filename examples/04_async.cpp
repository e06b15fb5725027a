// Many calls at a time over one connection: futures, callbacks, deferred operations, blocking methods.
#include <farcall.hpp>

#include <future>
#include <iostream>
#include <latch>
#include <memory>
#include <vector>

#include <boost/asio/deferred.hpp>
#include <boost/asio/use_future.hpp>

RPC_SERVICE(Numbers,
    (square, int(int n), farcall::readonly),
    (meet,   int(int me), farcall::blocking))  // on the server's worker pool: it holds nobody up

struct numbers {
    std::latch everyone{12};

    int square(int n) const { return n * n; }
    int meet(int me) {
        everyone.arrive_and_wait();  // returns once twelve calls are here at the same time
        return me;
    }
};

int main() {
    using boost::asio::use_future;

    farcall::server server{{.worker_threads = 12}};
    server.add<Numbers>(std::make_shared<numbers>());
    const auto where = server.listen("tcp://127.0.0.1:0");
    server.start();
    const Numbers::proxy numbers{where.url()};

    std::future<int> nine = numbers.square(3, use_future);
    std::cout << "future: " << nine.get() << '\n';

    // A callback takes (std::exception_ptr, int), or the result that never throws. It runs on the client's I/O thread.
    std::promise<int> called;
    numbers.square(4, [&](farcall::result<int> end) { called.set_value(end ? *end : -1); });
    std::cout << "callback: " << called.get_future().get() << '\n';

    auto later = numbers.square(5, boost::asio::deferred);  // nothing is sent yet
    std::cout << "deferred: " << std::move(later)(use_future).get() << '\n';

    std::vector<std::future<int>> flying;
    for (int i = 1; i <= 1000; ++i) flying.push_back(numbers.square(i, use_future));
    long sum = 0;
    for (std::future<int>& each : flying) sum += each.get();
    std::cout << "1000 in flight: " << sum << '\n';

    std::vector<std::future<int>> guests;
    for (int i = 1; i <= 12; ++i) guests.push_back(numbers.meet(i, use_future));
    long met = 0;
    for (std::future<int>& each : guests) met += each.get();
    std::cout << "12 blocking calls in parallel: " << met << '\n';
    return sum == 333'833'500 && met == 78 ? 0 : 1;
}
