#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <farcall/detail/same_text.hpp>

namespace {

/// Memory of exactly that size, so that a sanitizer sees one byte too many.
std::vector<char> exact(std::size_t size) {
    std::vector<char> made(size);
    for (std::size_t at = 0; at != size; ++at) made[at] = static_cast<char>('a' + at % 26);
    return made;
}

TEST(same_text, sees_every_byte) {
    for (std::size_t size = 0; size <= 40; ++size) {
        const auto left = exact(size);
        EXPECT_TRUE(farcall::detail::same_text({left.data(), size}, {exact(size).data(), size}));
        for (std::size_t at = 0; at != size; ++at) {
            auto right = exact(size);
            right[at] ^= 0x40;
            EXPECT_FALSE(farcall::detail::same_text({left.data(), size}, {right.data(), size})) << size << ' ' << at;
        }
        EXPECT_FALSE(farcall::detail::same_text({left.data(), size}, {exact(size + 1).data(), size + 1}));
    }
}

}  // namespace
