#pragma once

#include <atomic>
#include <cstdint>

#include <farcall/random.hpp>

namespace farcall::detail {

/// Random numbers for names, drawn by many threads from one sequence of `seeded_random`. Not for secrets.
///
/// @par Thread safety  Safe: the sequence is a counter, whose steps are mixed.
class shared_random {
public:
    /// @param seeds  asked once
    explicit shared_random(random_source& seeds) : state_(seeds.next()) {}

    /// Never zero, which names nothing.
    std::uint64_t next() noexcept {
        constexpr std::uint64_t step = 0x9e3779b97f4a7c15u;
        while (true) {
            seeded_random one{state_.fetch_add(step, std::memory_order_relaxed)};
            if (const std::uint64_t drawn = one.next(); drawn != 0) return drawn;
        }
    }

private:
    std::atomic<std::uint64_t> state_;
};

}  // namespace farcall::detail
