#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "../support/measure.hpp"
#include "../support/run_course.hpp"
#include "operations.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

template <class Operation>
boost::asio::awaitable<void> calls_in_turn(const Operation& operation, const typename Operation::proxy& to, course& calls) {
    while (calls.start_one()) {
        const auto got = co_await operation.start(to, boost::asio::use_awaitable);
        expect(operation.right(got));
        calls.end_one();
    }
}

}  // namespace

/// Coroutines on the caller's io_context.
void farcall_coroutine(const load& which) {
    with_operation(which, [&](const auto& operation) {
        using proxy = typename std::decay_t<decltype(operation)>::proxy;
        boost::asio::io_context context{1};
        std::vector<proxy> proxies;
        for (std::size_t i = 0; i < which.connections; ++i) proxies.emplace_back(context, which.url());
        measure(which, [&](course& calls) {
            run_course(context, calls, [&] {
                for (const proxy& one : proxies)
                    for (std::size_t i = 0; i < which.in_flight; ++i)
                        boost::asio::co_spawn(context, calls_in_turn(operation, one, calls), boost::asio::detached);
            });
        });
    });
}

}  // namespace bench
