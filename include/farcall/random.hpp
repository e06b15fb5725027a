#pragma once

#include <cstdint>

namespace farcall {

/// Where jitter and session keys come from: a seam, so that a simulation repeats itself from one seed.
///
/// To write your own: derive, return all 64 bits uniformly distributed. Called from the I/O thread of whoever owns it.
class random_source {
public:
    virtual ~random_source() = default;
    /// The next 64 random bits.
    virtual std::uint64_t next() = 0;
};

/// SplitMix64: a small, fast sequence from one seed. Not for secrets.
///
/// @see Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014)
class seeded_random final : public random_source {
public:
    /// The same seed gives the same sequence.
    explicit seeded_random(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() override {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};

/// Uniform in [0, 1) from one draw.
inline double uniform(random_source& source) { return static_cast<double>(source.next() >> 11) * 0x1.0p-53; }

}  // namespace farcall
