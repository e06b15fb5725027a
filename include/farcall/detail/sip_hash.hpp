#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace farcall::detail {

/// 128 bits: a key, or what a hash made of a text.
struct bits128 {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    bool operator==(const bits128&) const = default;
};

/// SipHash-2-4 with 128 bits of output: a hash whose collisions nobody can choose without the key.
///
/// The same on every machine, so that what it made may be stored.
/// @see Aumasson, Bernstein: SipHash, a fast short-input PRF (INDOCRYPT 2012), and its reference implementation
class sip_hash {
public:
    explicit sip_hash(bits128 key) noexcept
        : v0_(key.low ^ 0x736f6d6570736575u),
          v1_(key.high ^ 0x646f72616e646f6du ^ 0xeeu),
          v2_(key.low ^ 0x6c7967656e657261u),
          v3_(key.high ^ 0x7465646279746573u) {}

    /// Of the whole text; once.
    bits128 operator()(std::string_view text) noexcept {
        const char* at = text.data();
        for (std::size_t left = text.size() / 8; left != 0; --left, at += 8) take(word(at, 8));
        take(word(at, text.size() % 8) | std::uint64_t{text.size() & 0xff} << 56);
        v2_ ^= 0xee;
        rounds<4>();
        bits128 made;
        made.low = v0_ ^ v1_ ^ v2_ ^ v3_;
        v1_ ^= 0xdd;
        rounds<4>();
        made.high = v0_ ^ v1_ ^ v2_ ^ v3_;
        return made;
    }

private:
    static std::uint64_t word(const char* from, std::size_t count) noexcept {
        if constexpr (std::endian::native == std::endian::little) {
            std::uint64_t made = 0;
            if (count != 0) std::memcpy(&made, from, count);
            return made;
        } else {
            std::uint64_t made = 0;
            for (std::size_t i = 0; i < count; ++i)
                made |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
            return made;
        }
    }

    void take(std::uint64_t word) noexcept {
        v3_ ^= word;
        rounds<2>();
        v0_ ^= word;
    }

    template <int Count>
    void rounds() noexcept {
        for (int i = 0; i < Count; ++i) {
            v0_ += v1_;
            v1_ = std::rotl(v1_, 13) ^ v0_;
            v0_ = std::rotl(v0_, 32);
            v2_ += v3_;
            v3_ = std::rotl(v3_, 16) ^ v2_;
            v0_ += v3_;
            v3_ = std::rotl(v3_, 21) ^ v0_;
            v2_ += v1_;
            v1_ = std::rotl(v1_, 17) ^ v2_;
            v2_ = std::rotl(v2_, 32);
        }
    }

    std::uint64_t v0_, v1_, v2_, v3_;
};

}  // namespace farcall::detail
