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
};

TEST(plain_aggregate, may_hold_an_optional_aggregate_of_the_same_anonymous_namespace) {
    outer value;
    farcall::codec_error problem;
    ASSERT_TRUE(farcall::decode(R"({"maybe":{"x":1,"y":2}})", value, problem)) << problem.text();
    EXPECT_EQ(value.maybe.value().y, 2);
}

}  // namespace
