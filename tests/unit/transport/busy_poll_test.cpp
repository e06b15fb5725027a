#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>

#include <farcall/transport/busy_poll.hpp>

namespace {

using namespace std::chrono_literals;

/// A clock that moves on by a microsecond whenever it is looked at; then, if it was asked to, something happens.
struct watched_clock {
    using duration = std::chrono::microseconds;
    using time_point = std::chrono::time_point<watched_clock, duration>;

    static time_point now() {
        if (++looks == event_at) boost::asio::post(*context, [] {});
        return time_point{std::chrono::microseconds{looks}};
    }

    static inline int looks = 0;
    static inline int event_at = 0;
    static inline boost::asio::io_context* context = nullptr;
};

class busy_poll : public ::testing::Test {
protected:
    busy_poll() {
        watched_clock::looks = watched_clock::event_at = 0;
        watched_clock::context = &context;
    }

    std::size_t turn(std::chrono::microseconds look) { return farcall::detail::run_one<watched_clock>(context, look); }

    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work = make_work_guard(context);
};

TEST_F(busy_poll, runs_one_handler_that_is_there_without_a_second_look) {
    int ran = 0;
    for (int i = 0; i < 2; ++i) post(context, [&] { ++ran; });
    EXPECT_EQ(turn(50us), 1u);
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(watched_clock::looks, 1);
}

TEST_F(busy_poll, finds_what_happens_while_it_looks) {
    watched_clock::event_at = 20;
    EXPECT_EQ(turn(50us), 1u);
    EXPECT_EQ(watched_clock::looks, 20);
}

TEST_F(busy_poll, looks_for_a_second_at_most) {
    watched_clock::event_at = 1'000'001;
    EXPECT_EQ(turn(std::chrono::microseconds::max()), 1u);
    EXPECT_EQ(watched_clock::looks, 1'000'001);
}

TEST_F(busy_poll, goes_to_sleep_when_the_time_is_over) {
    watched_clock::event_at = 51;  // in the last look; what comes then ends the sleep
    EXPECT_EQ(turn(50us), 1u);
    EXPECT_EQ(watched_clock::looks, 51);
}

TEST_F(busy_poll, goes_to_sleep_at_once_where_it_is_off) {
    post(context, [] {});
    EXPECT_EQ(turn(0us), 1u);
    EXPECT_EQ(watched_clock::looks, 0);
}

TEST_F(busy_poll, ends_with_a_context_that_has_no_more_work) {
    work.reset();
    EXPECT_EQ(turn(50us), 0u);
    EXPECT_LE(watched_clock::looks, 2);
}

}  // namespace
