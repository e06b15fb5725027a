#include "support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

/// `next()` where it does not simply come back: it outlasts its coroutine, or it is given up.
namespace interceptor_test {

using boost::asio::awaitable;

/// Begins `next` in a coroutine of its own, at once or some turns of the loop later, and ends some turns later itself.
struct leaving {
    int before_next = 0, before_end = 0;
    std::shared_ptr<std::optional<call_outcome>> got = std::make_shared<std::optional<call_outcome>>();

    static awaitable<void> turns(int count) {
        const auto where = co_await boost::asio::this_coro::executor;
        for (int i = 0; i != count; ++i) co_await boost::asio::post(where, boost::asio::use_awaitable);
    }
    static awaitable<void> call(next_call next, int later, std::shared_ptr<std::optional<call_outcome>> got) {
        co_await turns(later);
        *got = co_await next();
    }
    awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        const auto where = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(where, call(next, before_next, got), [](std::exception_ptr) {});
        co_await turns(before_end);
        co_return call_outcome::answer("7");
    }
};

/// Answered by the test; ends at once when it is given up, if it is to.
std::shared_ptr<test_call> begin(lane& where, bool obeys) {
    auto made = std::make_shared<test_call>(where);
    made->on_invoke = [](test_call&) {};
    if (obeys)
        made->on_give_up = [](test_call& self) {
            if (self.invoked == 1 && self.given_up == 1)
                self.answered(call_outcome::failed(error{status::cancelled, "given up"}));
        };
    where.run([&] { made->begin(); });
    return made;
}

TEST(next_call, is_given_up_when_its_coroutine_ends_with_the_call_under_way) {
    lane where;
    const leaving stage{0, 3};
    std::vector<std::string> log;
    struct noting {
        std::vector<std::string>* log;
        void after(intercepted_call&, call_outcome& end) {
            log->push_back(end.failure ? end.failure->message() : end.result);
        }
    };
    where.chain = {noting{&log}, stage, noting{&log}};
    const auto made = begin(where, true);
    EXPECT_EQ(made->invoked, 1);
    EXPECT_EQ(made->given_up, 1);
    EXPECT_EQ(made->told(), "ok 7");
    EXPECT_EQ(log, (std::vector<std::string>{"given up", "7"})) << "from the inside outwards";
    ASSERT_TRUE(*stage.got);
    EXPECT_EQ((*stage.got)->status(), status::cancelled);
}

TEST(next_call, that_outlasts_its_coroutine_is_waited_for_before_the_outcome_goes_on) {
    lane where;
    const leaving stage{};
    where.chain = {stage};
    bool gone = false;
    {
        const auto made = begin(where, false);
        made->gone = &gone;
        EXPECT_EQ(made->told(), "nothing");
        EXPECT_EQ(made->given_up, 1);
        where.run([&] { made->stop(); });
        where.run([&] { made->answered(call_outcome::answer("1")); });
        EXPECT_EQ(made->told(), "ok 7") << "what is further in has another end, and is dropped";
        EXPECT_EQ(made->ends, 1);
    }
    EXPECT_EQ((*stage.got)->result, "1");
    EXPECT_TRUE(gone);
}

TEST(next_call, is_refused_when_its_coroutine_has_ended) {
    lane where;
    const leaving stage{5, 0};
    where.chain = {stage};
    bool gone = false;
    {
        const auto made = begin(where, false);
        made->gone = &gone;
        EXPECT_EQ(made->told(), "ok 7");
        EXPECT_EQ(made->invoked, 0);
        EXPECT_EQ(made->ends, 1);
    }
    ASSERT_TRUE(*stage.got);
    EXPECT_EQ((*stage.got)->status(), status::failed_precondition);
    EXPECT_EQ((*stage.got)->failure->executed(), executed::no);
    EXPECT_TRUE(gone);
}

TEST(next_call, that_outlasts_its_coroutine_is_not_left_behind_in_an_executor_that_is_destroyed) {
    for (const int before_end : {0, 1'000'000}) {
        bool gone = false;
        const leaving stage{0, before_end};
        {
            lane where;
            where.chain = {stage};
            auto made = std::make_shared<test_call>(where);
            made->gone = &gone;
            made->on_invoke = [](test_call&) {};
            std::weak_ptr<test_call> watched = made;
            boost::asio::post(where.context, [made = std::move(made)] { made->begin(); });
            for (int i = 0; i != 20; ++i) where.context.poll_one();
            ASSERT_FALSE(gone);
            // What answers is told that nothing runs any more.
            watched.lock()->abandon();
        }
        EXPECT_TRUE(gone) << before_end;
        EXPECT_EQ(stage.got.use_count(), 1) << before_end;
    }
}

/// Waits for the first of the call and a pause of the clock.
struct impatient {
    std::shared_ptr<virtual_clock> clock;

    awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        using namespace boost::asio::experimental::awaitable_operators;
        auto first = co_await (next() || waiting::pause(*clock));
        if (first.index() == 0) co_return std::get<0>(std::move(first));
        throw error{status::unavailable, "too slow"};
    }
};

TEST(next_call, that_is_given_up_stops_the_coroutines_further_in) {
    struct sleeping {
        std::shared_ptr<virtual_clock> clock;
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            for (int i = 0; i != 5; ++i) co_await waiting::pause(*clock);
            co_return co_await next();
        }
    };
    lane where;
    where.chain = {impatient{where.clock}, sleeping{where.clock}};
    const auto made = begin(where, false);
    const auto began = where.clock->now();
    while (!made->end && where.clock->step()) where.run();
    EXPECT_EQ(made->told(), "unavailable, executed unknown: too slow");
    EXPECT_EQ((where.clock->now() - began) / std::chrono::seconds{1}, 1) << "the other would have slept on";
    while (where.clock->step()) where.run();
    EXPECT_EQ(made->invoked, 0);
    EXPECT_EQ(made->ends, 1);
}

TEST(next_call, that_is_given_up_is_not_made_by_a_coroutine_that_goes_on_all_the_same) {
    struct stubborn {
        std::shared_ptr<std::optional<call_outcome>> got;
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            co_await boost::asio::this_coro::throw_if_cancelled(false);
            co_await boost::asio::this_coro::reset_cancellation_state(
                [](boost::asio::cancellation_type) { return boost::asio::cancellation_type::none; });
            co_await leaving::turns(20);
            *got = co_await next();
            co_return **got;
        }
    };
    struct never_seen {
        void before(intercepted_call&) { ADD_FAILURE() << "nobody wants the call any more"; }
    };
    lane where;
    const auto got = std::make_shared<std::optional<call_outcome>>();
    where.chain = {impatient{where.clock}, stubborn{got}, never_seen{}};
    auto made = std::make_shared<test_call>(where);
    boost::asio::post(where.context, [&] { made->begin(); });
    for (int i = 0; i != 8; ++i) where.context.poll_one();
    where.clock->step();
    where.run();
    EXPECT_EQ(made->invoked, 0);
    ASSERT_TRUE(*got);
    EXPECT_EQ((*got)->status(), status::cancelled);
    EXPECT_EQ((*got)->failure->executed(), executed::no);
    EXPECT_EQ(made->told(), "unavailable, executed unknown: too slow");
}

}  // namespace interceptor_test
