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
    /// @{ Makes it not larger, or not less, than `number`.
    void lower(std::uint64_t number) noexcept {
        if (number < get()) value_.store(number, std::memory_order_relaxed);
    }
    void raise(std::uint64_t number) noexcept {
        if (number > get()) value_.store(number, std::memory_order_relaxed);
    }
    /// @}

    counter() = default;
    explicit counter(std::uint64_t first) noexcept : value_(first) {}

private:
    std::atomic<std::uint64_t> value_{0};
};

/// The same that many threads change.
///
/// @par Thread safety  Safe.
class shared_counter {
public:
    void add(std::uint64_t number = 1) noexcept { value_.fetch_add(number, std::memory_order_relaxed); }
    void subtract(std::uint64_t number = 1) noexcept { value_.fetch_sub(number, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }
    /// @{ Makes it not larger, or not less, than `number`.
    void lower(std::uint64_t number) noexcept {
        for (std::uint64_t now = get(); number < now;)
            if (value_.compare_exchange_weak(now, number, std::memory_order_relaxed)) return;
    }
    void raise(std::uint64_t number) noexcept {
        for (std::uint64_t now = get(); number > now;)
            if (value_.compare_exchange_weak(now, number, std::memory_order_relaxed)) return;
    }
    /// @}

    shared_counter() = default;
    explicit shared_counter(std::uint64_t first) noexcept : value_(first) {}

private:
    std::atomic<std::uint64_t> value_{0};
};

}  // namespace farcall::detail
