#include <gtest/gtest.h>

#include <optional>

#include <farcall/codec/codecs.hpp>

/// Types without linkage in each other, which clang treats apart: what it instantiates of them must have a body.
namespace {

struct inner {
    int x = 0;
    int y = 0;
};
struct outer {
    std::optional<inner> maybe;
    std::optional<std::optional<int>> nested;
};

TEST(plain_aggregate, may_hold_an_optional_aggregate_of_the_same_anonymous_namespace) {
    outer value;
    farcall::codec_error problem;
    ASSERT_TRUE(farcall::decode(R"({"maybe":{"x":1,"y":2},"nested":3})", value, problem)) << problem.text();
    EXPECT_EQ(value.maybe.value().y, 2);
    EXPECT_EQ(value.nested.value().value(), 3);
}

}  // namespace
