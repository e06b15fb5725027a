#include <farcall/interceptor/deadline_cap.hpp>

#include "support.hpp"

namespace {

using namespace interceptor_test;
using namespace std::chrono_literals;
using farcall::deadline_cap;

/// How long the call may take, if it asked for `timeout`.
farcall::time_point::duration left(std::chrono::milliseconds cap, farcall::time_point::duration timeout) {
    const lane where;
    intercepted_call made = where.make();
    if (timeout != 0ms) made.deadline = made.began() + timeout;
    where.clock->jump(5ms);  // an interceptor further out took its time
    deadline_cap{cap}.before(made);
    return made.deadline - made.began();
}

TEST(deadline_cap, shortens_what_is_longer_and_nothing_else) {
    EXPECT_EQ(left(100ms, 1h), 100ms);
    EXPECT_EQ(left(100ms, 101ms), 100ms);
    EXPECT_EQ(left(100ms, 99ms), 99ms);
}

TEST(deadline_cap, gives_a_deadline_to_a_call_without_one) { EXPECT_EQ(left(100ms, 0ms), 100ms); }

TEST(deadline_cap, takes_any_time_above_zero) {
    EXPECT_EQ(left(std::chrono::milliseconds::max(), 1h), 1h);
    EXPECT_THROW(deadline_cap{0ms}, error);
    EXPECT_THROW(deadline_cap{-1ms}, error);
}

}  // namespace
