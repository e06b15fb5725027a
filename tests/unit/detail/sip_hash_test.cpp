#include <gtest/gtest.h>

#include <string>

#include <farcall/detail/sip_hash.hpp>

using farcall::detail::bits128;
using farcall::detail::sip_hash;

namespace {

constexpr bits128 key{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};

/// The bytes 0, 1, 2 ...
std::string counting(std::size_t size) {
    std::string made;
    for (std::size_t i = 0; i < size; ++i) made += static_cast<char>(i);
    return made;
}

}  // namespace

// vectors_sip128 of the reference implementation, lengths 0 and 1.
TEST(sip_hash, agrees_with_the_reference_implementation) {
    EXPECT_EQ(sip_hash{key}(""), (bits128{0xe6a825ba047f81a3u, 0x930255c71472f66du}));
    EXPECT_EQ(sip_hash{key}(counting(1)), (bits128{0x44af996bd8c187dau, 0x45fc229b11597634u}));
}

TEST(sip_hash, depends_on_every_byte_the_length_and_the_key) {
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string text = counting(size);
        const bits128 made = sip_hash{key}(text);
        EXPECT_NE(sip_hash{key}(text + '\0'), made);
        EXPECT_NE((sip_hash{{key.low, key.high ^ 1}}(text)), made);
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = text;
            other[at] = static_cast<char>(other[at] ^ 0x80);
            EXPECT_NE(sip_hash{key}(other), made) << size << ' ' << at;
        }
    }
}
