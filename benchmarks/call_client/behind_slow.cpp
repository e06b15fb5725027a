#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "../support/measure.hpp"
#include "operations.hpp"
#include "subjects.hpp"

namespace bench {

/// A thousand calls that take long are made first; those that follow on the same connection overtake them.
void farcall_behind_slow(const load& which) {
    constexpr int slow_calls = 1000;
    const farcall::client shared{which.url()};
    const Echo::proxy echo{shared};
    const Calculator::proxy calculator{shared};
    // Longer than it all takes, and below the default deadline.
    const int milliseconds = std::min(9'000, 1'000 + static_cast<int>(3'000 * which.seconds));
    std::atomic<int> answered = 0;
    for (int i = 0; i < slow_calls; ++i) echo.late(milliseconds, [&](const farcall::result<int>& got) {
        got.value();
        ++answered;
    });
    measure_threads(which, [&](std::size_t) { expect(calculator.add(5, 3) == 8); });
    expect(answered == 0);
    while (answered != slow_calls) std::this_thread::sleep_for(std::chrono::milliseconds{10});
}

}  // namespace bench
