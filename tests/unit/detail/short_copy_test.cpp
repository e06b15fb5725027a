#include <gtest/gtest.h>

#include <vector>

#include <farcall/detail/short_copy.hpp>

namespace {

TEST(short_copy, copies_texts_of_every_size) {
    for (std::size_t size = 0; size <= 40; ++size) {
        // Memory of exactly that size, so that a sanitizer sees one byte too many.
        std::vector<char> from(size);
        for (std::size_t at = 0; at != size; ++at) from[at] = static_cast<char>('a' + at % 26);
        std::vector<char> to(size, '#');
        EXPECT_EQ(farcall::detail::short_copy(to.data(), from.data(), size), to.data() + size);
        EXPECT_EQ(to, from);
    }
}

}  // namespace
