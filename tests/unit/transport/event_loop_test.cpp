#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <farcall/transport/event_loop.hpp>
#include <farcall/transport/time_source.hpp>

#include "unit/transport/forbidden_call.hpp"

namespace {

namespace asio = boost::asio;
namespace execution = boost::asio::execution;
using namespace std::chrono_literals;
using farcall::detail::event_loop;

static_assert(execution::is_executor_v<event_loop::executor_type>);
static_assert(std::is_convertible_v<event_loop::executor_type, asio::any_io_executor>);
static_assert(std::is_nothrow_move_constructible_v<event_loop::basic_executor<true>>);

class event_loop_test : public ::testing::Test {
protected:
    event_loop_test() { loop->enter(); }
    ~event_loop_test() override {
        if (loop) loop->leave();
    }

    asio::any_io_executor executor() { return loop->get_executor(); }
    /// Turns until something is so; the test's time limit is what ends it otherwise.
    template <class Predicate>
    void turn_until(Predicate met) {
        while (!met()) loop->turn();
    }
    void end_loop() {
        loop->leave();
        loop.reset();
    }

    std::unique_ptr<event_loop> loop = std::make_unique<event_loop>();
};

/// A pair of sockets, one of which is watched.
class watched_pair final : public event_loop::watcher {
public:
    watched_pair(event_loop& loop, std::function<void(std::uint32_t)> told)
        : event_loop::watcher(loop), told_(std::move(told)) {
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
        EXPECT_FALSE(loop.watch(ends[0], EPOLLIN | EPOLLET, *this));
    }
    ~watched_pair() {
        loop().unwatch(ends[0], *this);
        ::close(ends[0]);
        ::close(ends[1]);
    }

    void send() { EXPECT_EQ(::send(ends[1], "x", 1, 0), 1); }
    void on_events(std::uint32_t events) override { told_(events); }
    void abandon() noexcept override { const auto gone = std::exchange(keeps, nullptr); }

    int ends[2] = {-1, -1};
    std::function<void()> keeps;  ///< until the loop ends

private:
    std::function<void(std::uint32_t)> told_;
};

TEST_F(event_loop_test, runs_what_is_posted_in_order_but_not_in_that_call) {
    std::vector<int> ran;
    for (int i = 0; i < 3; ++i) asio::post(executor(), [&, i] { ran.push_back(i); });
    EXPECT_TRUE(ran.empty());
    loop->turn();
    EXPECT_EQ(ran, (std::vector{0, 1, 2}));
}

TEST_F(event_loop_test, runs_at_once_what_is_dispatched_in_it_and_later_what_comes_from_elsewhere) {
    bool ran = false;
    asio::dispatch(executor(), [&] { ran = true; });
    EXPECT_TRUE(ran);
    std::atomic<bool> elsewhere{false};
    std::thread::id where;
    std::thread([&] { asio::dispatch(executor(), [&] {
        where = std::this_thread::get_id();
        elsewhere = true;
    }); }).join();
    EXPECT_FALSE(elsewhere);
    loop->turn();
    EXPECT_TRUE(elsewhere);
    EXPECT_EQ(where, std::this_thread::get_id());
}

TEST_F(event_loop_test, wakes_up_for_each_of_many_threads_that_post) {
    constexpr int each = 2000;
    int ran = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < each; ++k) asio::post(executor(), [&] { ++ran; });
        });
    turn_until([&] { return ran == 4 * each; });
    for (std::thread& thread : threads) thread.join();
}

TEST_F(event_loop_test, keeps_the_order_of_what_one_other_thread_posts) {
    std::vector<int> ran;
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i) asio::post(executor(), [&, i] { ran.push_back(i); });
    });
    turn_until([&] { return ran.size() == 1000; });
    other.join();
    EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST_F(event_loop_test, tells_of_a_change_once) {
    int told = 0;
    watched_pair pair(*loop, [&](std::uint32_t events) {
        EXPECT_NE(events & EPOLLIN, 0u);
        ++told;
    });
    pair.send();
    loop->turn();
    EXPECT_EQ(told, 1);
    loop->poll();
    EXPECT_EQ(told, 1);
    pair.send();
    loop->turn();
    EXPECT_EQ(told, 2);
}

TEST_F(event_loop_test, tells_nothing_to_what_an_earlier_event_of_the_same_turn_has_destroyed) {
    std::unique_ptr<watched_pair> pairs[2];
    int told = 0;
    for (int i = 0; i < 2; ++i)
        pairs[i] = std::make_unique<watched_pair>(*loop, [&, i](std::uint32_t) {
            ++told;
            pairs[1 - i].reset();
        });
    pairs[0]->send();
    pairs[1]->send();
    loop->turn();
    loop->poll();
    EXPECT_EQ(told, 1);
}

TEST_F(event_loop_test, gives_a_wish_one_turn_and_a_wish_in_that_the_next) {
    int told = 0;
    watched_pair pair(*loop, [&](std::uint32_t events) {
        EXPECT_EQ(events, 0u);
        if (++told < 3) loop->wish(pair);
    });
    loop->wish(pair);
    loop->wish(pair);
    EXPECT_EQ(told, 0);
    for (int turns = 1; turns <= 3; ++turns) {
        loop->turn();
        EXPECT_EQ(told, turns);
    }
    loop->poll();
    EXPECT_EQ(told, 3);
}

TEST_F(event_loop_test, starves_neither_events_nor_times_nor_other_threads_for_work_that_never_ends) {
    bool over = false;
    std::function<void()> again = [&] {
        if (!over) asio::post(executor(), again);
    };
    again();
    bool event = false, time = false;
    watched_pair pair(*loop, [&](std::uint32_t) { event = true; });
    pair.send();
    const auto timer = farcall::system_time()->make_timer(executor());
    timer->set(std::chrono::steady_clock::now(), [&] { time = true; });
    bool elsewhere = false;
    std::thread([&] { asio::post(executor(), [&] { elsewhere = true; }); }).join();
    turn_until([&] { return event && time && elsewhere; });
    over = true;
}

TEST_F(event_loop_test, keeps_appointments_in_the_order_of_their_times_and_never_early) {
    constexpr int count = 50;
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::unique_ptr<farcall::timer>> timers;
    std::vector<int> came;
    for (int i = 0; i < count; ++i) {
        const int place = i * 37 % count;
        const auto when = begin + 100us * place;
        timers.push_back(farcall::system_time()->make_timer(executor()));
        timers.back()->set(when, [&, place, when] {
            EXPECT_GE(std::chrono::steady_clock::now(), when);
            came.push_back(place);
        });
    }
    turn_until([&] { return came.size() == count; });
    EXPECT_TRUE(std::is_sorted(came.begin(), came.end()));
}

TEST_F(event_loop_test, comes_in_time_after_a_sleep_that_the_cheap_clock_measured) {
    const auto timer = farcall::system_time()->make_timer(executor());
    const auto when = std::chrono::steady_clock::now() + 150ms;
    bool came = false;
    timer->set(when, [&] {
        EXPECT_GE(std::chrono::steady_clock::now(), when);
        came = true;
    });
    turn_until([&] { return came; });
}

TEST_F(event_loop_test, sleeps_where_the_system_forbids_its_fine_clock) {
    int turns = 0;
    bool forbidden = false;
    loop->leave();
    std::thread([&] {
        forbidden = transport_testing::forbid_call(SYS_epoll_pwait2, EPERM);
        if (!forbidden) return;
        loop->enter();
        const auto timer = farcall::system_time()->make_timer(executor());
        bool came = false;
        timer->set(std::chrono::steady_clock::now() + 15ms, [&] { came = true; });
        for (; !came; ++turns) loop->turn();
        loop->leave();
    }).join();
    if (!forbidden) GTEST_SKIP() << "no filters of system calls here";
    EXPECT_LE(turns, 3);
}

TEST_F(event_loop_test, sets_appointments_anew_and_cancels_them) {
    const auto now = std::chrono::steady_clock::now();
    const auto time = farcall::system_time();
    std::vector<std::unique_ptr<farcall::timer>> timers;
    std::vector<int> came;
    for (int i = 0; i < 9; ++i) {
        timers.push_back(time->make_timer(executor()));
        timers.back()->set(now + 1h + i * 1s, [] { FAIL() << "replaced"; });
    }
    // Every place of the heap: to its front, to its end, out of it.
    for (const int i : {4, 0, 8}) timers[static_cast<std::size_t>(i)]->cancel();
    for (const int i : {7, 1, 5}) timers[static_cast<std::size_t>(i)]->set(now - 1h + i * 1s, [&came, i] { came.push_back(i); });
    timers[2]->set(now + 3h, [] { FAIL() << "too early"; });
    timers[3].reset();
    timers[6]->set(farcall::time_point::min(), [&] {
        came.push_back(6);
        timers[6]->set(farcall::never, [] { FAIL() << "never"; });
    });
    turn_until([&] { return came.size() == 4; });
    EXPECT_EQ(came, (std::vector{6, 1, 5, 7}));
    loop->poll();
}

TEST_F(event_loop_test, lets_an_alarm_destroy_itself) {
    auto timer = farcall::system_time()->make_timer(executor());
    bool came = false;
    timer->set(std::chrono::steady_clock::now(), [&] {
        timer.reset();
        came = true;
    });
    turn_until([&] { return came; });
}

TEST_F(event_loop_test, goes_on_after_an_exception_with_what_was_left) {
    int ran = 0;
    watched_pair pair(*loop, [&](std::uint32_t) {
        ++ran;
        throw std::runtime_error("event");
    });
    pair.send();
    asio::post(executor(), [&] {
        ++ran;
        throw std::runtime_error("work");
    });
    asio::post(executor(), [&] { ++ran; });
    EXPECT_THROW(loop->turn(), std::runtime_error);
    EXPECT_THROW(loop->turn(), std::runtime_error);
    EXPECT_EQ(ran, 2);
    loop->turn();
    EXPECT_EQ(ran, 3);
    // What is run in the call that hands it over must not throw there.
    EXPECT_NO_THROW(executor().execute([] { throw std::runtime_error("dispatched"); }));
    EXPECT_NO_THROW(loop->get_executor().execute([] { throw std::runtime_error("dispatched"); }));
    EXPECT_THROW(loop->turn(), std::runtime_error);
}

TEST_F(event_loop_test, ends_its_sleep_when_it_is_interrupted_before_or_meanwhile) {
    loop->interrupt();
    loop->turn();
    std::thread other([&] { loop->interrupt(); });
    loop->turn();
    other.join();
}

TEST_F(event_loop_test, runs_until_another_thread_stops_it) {
    loop->leave();
    std::promise<void> running;
    asio::post(executor(), [&] { running.set_value(); });
    std::thread other([&] { loop->run(); });
    running.get_future().wait();
    EXPECT_FALSE(loop->in_thread());
    loop->stop();
    other.join();
}

TEST_F(event_loop_test, runs_out_when_nothing_is_left) {
    int ran = 0;
    asio::post(executor(), [&] {
        ++ran;
        asio::post(executor(), [&] { ++ran; });
    });
    const auto timer = farcall::system_time()->make_timer(executor());
    timer->set(std::chrono::steady_clock::now() + 1ms, [&] { ++ran; });
    loop->run_out(1h);
    EXPECT_EQ(ran, 3);
}

TEST_F(event_loop_test, runs_as_long_as_an_executor_tracks_work_that_another_thread_does) {
    bool ran = false;
    auto tracked = asio::prefer(executor(), execution::outstanding_work.tracked);
    std::thread other([&, kept = std::move(tracked)]() mutable {
        asio::post(kept, [&] { ran = true; });
        kept = asio::any_io_executor{};
    });
    loop->run_out(1h);
    EXPECT_TRUE(ran);
    other.join();
}

TEST_F(event_loop_test, may_end_as_soon_as_what_another_thread_posted_has_run) {
    // That the other thread has no more to do with it is for ThreadSanitizer to say.
    for (int i = 0; i < 100; ++i) {
        auto mortal = std::make_unique<event_loop>();
        mortal->enter();
        bool ran = false;
        std::thread posts([&ran, where = asio::any_io_executor{mortal->get_executor()}] {
            asio::post(where, [&ran] { ran = true; });
        });
        while (!ran) mortal->turn();
        mortal->leave();
        mortal.reset();
        posts.join();
    }
}

TEST_F(event_loop_test, may_end_as_soon_as_another_thread_tracks_it_no_more) {
    for (int i = 0; i < 100; ++i) {
        auto mortal = std::make_unique<event_loop>();
        mortal->enter();
        std::thread tracks(
            [kept = asio::require(mortal->get_executor(), execution::outstanding_work.tracked)] {});
        mortal->run_out(1h);
        mortal->leave();
        mortal.reset();
        tracks.join();
    }
}

TEST_F(event_loop_test, ends_in_time_with_something_left) {
    const auto timer = farcall::system_time()->make_timer(executor());
    timer->set(farcall::never, [] {});
    loop->run_out(1ms);
}

TEST_F(event_loop_test, has_executors_that_are_equal_if_they_do_the_same) {
    event_loop other;
    const auto ours = loop->get_executor();
    EXPECT_EQ(ours, loop->get_executor());
    EXPECT_NE(ours, other.get_executor());
    const auto later = asio::require(ours, execution::blocking.never);
    EXPECT_NE(ours, later);
    EXPECT_EQ(later.query(execution::blocking), execution::blocking.never);
    EXPECT_EQ(asio::require(later, execution::blocking.possibly), ours);
    EXPECT_EQ(asio::query(asio::require(ours, execution::outstanding_work.tracked), execution::outstanding_work),
              execution::outstanding_work.tracked);
    EXPECT_EQ(&asio::query(executor(), execution::context), loop.get());
    EXPECT_EQ(event_loop::of(executor()), loop.get());
    EXPECT_EQ(event_loop::of(asio::system_executor{}), nullptr);
}

/// A clock that moves on by a microsecond whenever it is looked at; then, if it was asked to, something happens.
struct counted_clock {
    using duration = std::chrono::microseconds;
    using time_point = std::chrono::time_point<counted_clock, duration>;

    static time_point now() {
        if (++looks == event_at) asio::post(*executor, [] { ++ran; });
        return time_point{std::chrono::microseconds{looks}};
    }

    static inline int looks = 0;
    static inline int event_at = 0;
    static inline int ran = 0;
    static inline std::optional<asio::any_io_executor> executor;
};

class event_loop_that_looks : public event_loop_test {
protected:
    event_loop_that_looks() {
        counted_clock::looks = counted_clock::event_at = counted_clock::ran = 0;
        counted_clock::executor = executor();
    }
    ~event_loop_that_looks() override { counted_clock::executor.reset(); }
};

TEST_F(event_loop_that_looks, finds_what_happens_meanwhile) {
    counted_clock::event_at = 20;
    loop->turn<counted_clock>(50us);
    EXPECT_EQ(counted_clock::ran, 1);
    EXPECT_EQ(counted_clock::looks, 20);
}

TEST_F(event_loop_that_looks, does_what_is_there_without_a_look) {
    asio::post(executor(), [] { ++counted_clock::ran; });
    loop->turn<counted_clock>(50us);
    EXPECT_EQ(counted_clock::ran, 1);
    EXPECT_EQ(counted_clock::looks, 0);
}

TEST_F(event_loop_that_looks, goes_to_sleep_when_the_time_is_over) {
    counted_clock::event_at = 51;  // in the last look
    loop->turn<counted_clock>(50us);
    EXPECT_EQ(counted_clock::ran, 1);
    EXPECT_EQ(counted_clock::looks, 51);
}

TEST_F(event_loop_that_looks, looks_for_a_second_at_most) {
    counted_clock::event_at = 1'000'001;
    loop->turn<counted_clock>(std::chrono::microseconds::max());
    EXPECT_EQ(counted_clock::looks, 1'000'001);
}

TEST_F(event_loop_that_looks, keeps_appointments_and_is_interrupted) {
    bool came = false;
    const auto timer = farcall::system_time()->make_timer(executor());
    timer->set(std::chrono::steady_clock::now() + 1ms, [&] { came = true; });
    turn_until([&] {
        loop->turn(1s);
        return came;
    });
    std::thread other([&] { loop->interrupt(); });
    loop->turn(1s);
    other.join();
}

// What Asio's users do with an execution context.

TEST_F(event_loop_test, runs_coroutines_that_wait_for_asios_timers) {
    int done = 0;
    const auto wait = [&](int times) -> asio::awaitable<int> {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        for (int i = 0; i < times; ++i) {
            timer.expires_after(100us);
            co_await timer.async_wait(asio::use_awaitable);
            EXPECT_TRUE(loop->in_thread());
        }
        co_return times;
    };
    for (int i = 1; i <= 5; ++i)
        asio::co_spawn(executor(), wait(i), [&](std::exception_ptr failed, int times) {
            EXPECT_FALSE(failed);
            done += times;
        });
    loop->run_out(1h);
    EXPECT_EQ(done, 15);
}

TEST_F(event_loop_test, runs_what_asios_sockets_complete) {
    using asio::ip::tcp;
    std::string got;
    const auto serve = [](tcp::acceptor acceptor) -> asio::awaitable<void> {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        co_await socket.async_write_some(asio::buffer("hello", 5), asio::use_awaitable);
    };
    const auto call = [&](tcp::endpoint where) -> asio::awaitable<void> {
        tcp::socket socket(co_await asio::this_coro::executor);
        co_await socket.async_connect(where, asio::use_awaitable);
        char room[8];
        got.assign(room, co_await socket.async_read_some(asio::buffer(room), asio::use_awaitable));
        EXPECT_TRUE(loop->in_thread());
    };
    tcp::acceptor acceptor(executor(), tcp::endpoint{asio::ip::address_v4::loopback(), 0});
    const auto where = acceptor.local_endpoint();
    asio::co_spawn(executor(), serve(std::move(acceptor)), asio::detached);
    asio::co_spawn(executor(), call(where), asio::detached);
    loop->run_out(1h);
    EXPECT_EQ(got, "hello");
}

TEST_F(event_loop_test, cancels_what_waits_by_a_slot) {
    asio::steady_timer timer(executor(), 1h);
    asio::cancellation_signal signal;
    std::optional<boost::system::error_code> end;
    timer.async_wait(asio::bind_cancellation_slot(signal.slot(), [&](boost::system::error_code failure) { end = failure; }));
    asio::post(executor(), [&] { signal.emit(asio::cancellation_type::all); });
    loop->run_out(1h);
    EXPECT_EQ(end, asio::error::operation_aborted);
}

TEST_F(event_loop_test, runs_strands) {
    auto strand = asio::make_strand(executor());
    std::vector<int> ran;
    std::thread([&] {
        for (int i = 0; i < 100; ++i)
            asio::post(strand, [&, i] {
                EXPECT_TRUE(strand.running_in_this_thread());
                ran.push_back(i);
            });
    }).join();
    loop->run_out(1h);
    EXPECT_EQ(ran.size(), 100u);
    EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST_F(event_loop_test, destroys_at_its_end_what_is_queued_and_what_waits) {
    const auto held = std::make_shared<int>(1);
    const auto hold = [](std::shared_ptr<int> kept) -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours{1});
        co_await timer.async_wait(asio::use_awaitable);
        ADD_FAILURE() << *kept;
    };
    asio::co_spawn(executor(), hold(held), asio::detached);
    loop->poll();
    asio::post(executor(), [held] { ADD_FAILURE(); });
    std::thread([&] { asio::post(executor(), [held] { ADD_FAILURE(); }); }).join();
    // These hold themselves, as connections with an operation under way do.
    const auto set = [&](std::shared_ptr<farcall::timer> timer) {
        timer->set(farcall::never, [timer, held] { ADD_FAILURE(); });
    };
    set(farcall::system_time()->make_timer(executor()));
    const auto watch = [&](std::shared_ptr<watched_pair> pair) { pair->keeps = [pair, held] {}; };
    watch(std::make_shared<watched_pair>(*loop, [](std::uint32_t) { ADD_FAILURE(); }));
    // What its end sets free may still hand something over.
    struct last_words {
        last_words(asio::any_io_executor where, std::shared_ptr<int> what) : executor(where), kept(what) {}
        ~last_words() { asio::post(executor, [kept = kept] { ADD_FAILURE(); }); }
        asio::any_io_executor executor;
        std::shared_ptr<int> kept;
    };
    asio::post(executor(), [words = std::make_shared<last_words>(executor(), held)] { ADD_FAILURE(); });
    EXPECT_EQ(held.use_count(), 7);
    end_loop();
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
