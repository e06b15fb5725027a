#pragma once

#include <cstdint>
#include <random>

#include <farcall/random.hpp>

namespace farcall::detail {

/// The system's randomness, which nobody can guess.
class system_random final : public random_source {
public:
    std::uint64_t next() override { return std::uint64_t{device_()} << 32 | device_(); }

private:
    std::random_device device_;
};

}  // namespace farcall::detail
