#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include <farcall/transport/asio_loop.hpp>
#include <farcall/transport/thread_loop.hpp>

namespace {

using namespace std::chrono_literals;

/// What servers and clients ask of the loop of their threads, of each that it may be.
template <class Loop>
class thread_loop_test : public ::testing::Test {
protected:
    /// Says how it ended.
    struct noted_work final : farcall::detail::loop_work {
        noted_work() : loop_work([](loop_work& self, bool to_run) {
            auto& whole = static_cast<noted_work&>(self);
            ++(to_run ? whole.runs : whole.drops);
        }) {}
        int runs = 0;
        int drops = 0;
    };

    boost::asio::any_io_executor executor() { return loop->get_executor(); }

    noted_work work;
    std::unique_ptr<Loop> loop = std::make_unique<Loop>();
};

using loops = ::testing::Types<farcall::detail::thread_loop, farcall::detail::asio_loop>;
TYPED_TEST_SUITE(thread_loop_test, loops);

TYPED_TEST(thread_loop_test, belongs_to_the_thread_that_entered_it) {
    EXPECT_FALSE(this->loop->in_thread());
    this->loop->enter();
    EXPECT_TRUE(this->loop->in_thread());
    std::thread([&] { EXPECT_FALSE(this->loop->in_thread()); }).join();
    this->loop->leave();
    EXPECT_FALSE(this->loop->in_thread());
}

TYPED_TEST(thread_loop_test, ends_work_once_by_running_it) {
    this->loop->enter();
    this->loop->enqueue(this->work);
    EXPECT_EQ(this->work.runs, 0);
    this->loop->turn();
    EXPECT_EQ(this->work.runs, 1);
    std::thread([&] { this->loop->enqueue(this->work); }).join();
    this->loop->poll();
    EXPECT_EQ(this->work.runs, 2);
    this->loop->leave();
    this->loop.reset();
    EXPECT_EQ(this->work.drops, 0);
}

TYPED_TEST(thread_loop_test, drops_at_its_end_the_work_that_had_no_turn) {
    this->loop->enqueue(this->work);
    this->loop.reset();
    EXPECT_EQ(this->work.runs, 0);
    EXPECT_EQ(this->work.drops, 1);
}

TYPED_TEST(thread_loop_test, sleeps_until_there_is_work_or_it_is_interrupted) {
    this->loop->enter();
    std::thread other([&] { this->loop->enqueue(this->work); });
    while (this->work.runs == 0) this->loop->turn();
    other.join();
    std::thread another([&] { this->loop->interrupt(); });
    this->loop->turn();
    another.join();
    this->loop->leave();
}

TYPED_TEST(thread_loop_test, runs_on_a_thread_until_it_is_stopped) {
    for (const auto look : {0us, 20us}) {
        TypeParam loop;
        std::promise<bool> running;
        boost::asio::post(loop.get_executor(), [&] { running.set_value(loop.in_thread()); });
        std::thread other([&] { loop.run(look); });
        EXPECT_TRUE(running.get_future().get());
        loop.stop();
        other.join();
        EXPECT_FALSE(loop.in_thread());
    }
}

TYPED_TEST(thread_loop_test, is_left_when_what_it_runs_throws) {
    boost::asio::post(this->executor(), [] { throw std::runtime_error("rude"); });
    EXPECT_THROW(this->loop->run(), std::runtime_error);
    EXPECT_FALSE(this->loop->in_thread());
}

TYPED_TEST(thread_loop_test, runs_out_when_all_is_done) {
    this->loop->enter();
    int ran = 0;
    boost::asio::post(this->executor(), [&] {
        ++ran;
        boost::asio::post(this->executor(), [&] { ++ran; });
    });
    this->loop->run_out(1h);
    EXPECT_EQ(ran, 2);
    this->loop->leave();
}

}  // namespace
