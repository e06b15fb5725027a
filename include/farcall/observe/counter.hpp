#pragma once

#include <atomic>
#include <cstdint>

namespace farcall::detail {

/// A number that one thread changes and every thread may read.
///
/// What one thread alone writes needs no read-modify-write operation of the processor: a plain load and a plain store
/// lose nothing.
/// @par Thread safety  `add` and `subtract` belong to one thread, or to one after another in order; `get` is safe.
class counter {
public:
    void add(std::uint64_t number = 1) noexcept { value_.store(get() + number, std::memory_order_relaxed); }
    void subtract(std::uint64_t number = 1) noexcept { value_.store(get() - number, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

}  // namespace farcall::detail
