#include <chrono>
#include <vector>

#include "../support/hold.hpp"
#include "../support/measure.hpp"
#include "operations.hpp"
#include "subjects.hpp"

namespace bench {

namespace {

/// Every thread waits for each of its calls, on a proxy of its own or on one for all.
void blocking(const load& which, const farcall::client_options& options) {
    with_operation(which, [&](const auto& operation) {
        using proxy = typename std::decay_t<decltype(operation)>::proxy;
        std::vector<proxy> proxies;
        for (std::size_t i = 0; i < (which.share ? 1 : which.threads); ++i) proxies.emplace_back(which.url(), options);
        measure_threads(which, [&](std::size_t number) {
            expect(operation.right(operation.start(proxies[which.share ? 0 : number])));
        });
    });
}

}  // namespace

void farcall_blocking(const load& which) { blocking(which, {}); }

void farcall_busy(const load& which) {
    farcall::client_options options;
    options.busy_poll = std::chrono::microseconds{50};
    blocking(which, options);
}

/// A proxy for each call: connects, calls, and closes; or many that are kept.
void farcall_connect(const load& which) {
    const add_operation operation;
    const auto open = [&] {
        Calculator::proxy opened{which.url()};
        expect(operation.right(operation.start(opened)));
        return opened;
    };
    if (which.hold) return hold(which, open);
    measure_threads(which, [&](std::size_t) { open(); });
}

}  // namespace bench
