#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <farcall/server.hpp>

#include "../support/calculator.hpp"
#include "../support/echo.hpp"
#include "../support/tell.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

struct calculator {
    int add(int a, int b) const { return a + b; }
    int add_once(int a, int b) const { return a + b; }
};

struct echo {
    bench::record record(bench::record value) const { return value; }
    std::string text(std::string value) const { return value; }
    std::vector<double> doubles(std::vector<double> values) const { return values; }
    farcall::packed<std::vector<double>> packed(farcall::packed<std::vector<double>> values) const { return values; }
    boost::asio::awaitable<int> late(int milliseconds) const {
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, std::chrono::milliseconds{milliseconds}};
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return milliseconds;
    }
};

}  // namespace

/// All limits are the defaults, but that one machine makes all connections.
void serve_farcall(const serving& how) {
    farcall::server_options options;
    options.io_threads = static_cast<unsigned>(how.threads);
    options.metrics = how.metrics;
    options.busy_poll = std::chrono::microseconds{how.busy_poll};
    options.limits.connections_per_peer = options.limits.connections;
    farcall::server server{std::move(options)};
    server.add<Calculator>(calculator{}).add<Echo>(echo{});
    server.listen(0);
    server.start();
    tell(server.port());
    server.wait();
}

}  // namespace bench
