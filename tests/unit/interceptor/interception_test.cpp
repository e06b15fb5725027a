#include "support.hpp"

namespace {

using namespace interceptor_test;
using boost::asio::awaitable;

/// Writes down what it sees.
struct noting {
    std::string name;
    std::vector<std::string>* log;

    void before(intercepted_call&) { log->push_back(name + " before"); }
    void after(intercepted_call&, call_outcome& end) { log->push_back(name + " after " + std::string{to_string(end.status())}); }
};

/// The same as a coroutine.
struct noting_around {
    std::string name;
    std::vector<std::string>* log;

    awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        log->push_back(name + " before");
        call_outcome end = co_await next();
        log->push_back(name + " after " + std::string{to_string(end.status())});
        co_return end;
    }
};

struct refusing {
    void before(intercepted_call&) { throw error{status::permission_denied, "not you"}; }
    void after(intercepted_call&, call_outcome&) { ADD_FAILURE() << "it did not let the call pass"; }
};

struct answering {
    std::optional<call_outcome> before(intercepted_call& seen) {
        if (seen.params == "[]") return std::nullopt;
        return call_outcome::answer("42");
    }
};

using names = std::vector<std::string>;

TEST(interception, runs_inwards_in_order_and_outwards_in_the_opposite_one) {
    lane where;
    names log;
    where.chain = {noting{"a", &log}, noting{"b", &log}, noting{"c", &log}};
    const auto made = test_call::begin_in(where);
    EXPECT_EQ(log, (names{"a before", "b before", "c before", "c after ok", "b after ok", "a after ok"}));
    EXPECT_EQ(made->told(), "ok [1,2]");
    EXPECT_EQ(made->ends, 1);
}

TEST(interception, keeps_the_order_with_coroutines_anywhere_in_the_chain) {
    for (unsigned which = 0; which < 8; ++which) {
        lane where;
        names log;
        for (unsigned at = 0; at < 3; ++at) {
            const std::string name(1, static_cast<char>('a' + at));
            if ((which >> at & 1u) != 0)
                where.chain.push_back(noting_around{name, &log});
            else
                where.chain.push_back(noting{name, &log});
        }
        const auto made = test_call::begin_in(where);
        where.run();
        EXPECT_EQ(log, (names{"a before", "b before", "c before", "c after ok", "b after ok", "a after ok"})) << which;
        EXPECT_EQ(made->told(), "ok [1,2]");
        EXPECT_EQ(made->ends, 1);
    }
}

TEST(interception, needs_no_interceptor) {
    lane where;
    EXPECT_EQ(test_call::begin_in(where)->told(), "ok [1,2]");
}

TEST(interception, shows_a_change_to_everything_further_in) {
    struct changing {
        void before(intercepted_call& seen) {
            seen.params = "[3]";
            seen.headers.set("tenant", "a7");
        }
        void after(intercepted_call&, call_outcome& end) { end.result += "!"; }
    };
    struct looking {
        void before(intercepted_call& seen) { EXPECT_EQ(seen.headers.get("tenant"), "a7"); }
        void after(intercepted_call&, call_outcome& end) { EXPECT_EQ(end.result, "[3]"); }
    };
    lane where;
    where.chain = {changing{}, looking{}};
    EXPECT_EQ(test_call::begin_in(where)->told(), "ok [3]!");
}

TEST(interception, ends_a_call_that_is_refused_and_tells_those_it_has_passed) {
    lane where;
    names log;
    where.chain = {noting{"a", &log}, refusing{}, noting{"c", &log}};
    const auto made = test_call::begin_in(where);
    EXPECT_EQ(made->invoked, 0);
    EXPECT_EQ(made->told(), "permission_denied, executed no: not you");
    EXPECT_EQ(log, (names{"a before", "a after permission_denied"}));
}

TEST(interception, believes_a_refusal_that_says_that_the_method_ran) {
    struct odd {
        void before(intercepted_call&) { throw error{status::aborted, "ran elsewhere"}.with_executed(executed::yes); }
    };
    lane where;
    where.chain = {odd{}};
    EXPECT_EQ(test_call::begin_in(where)->told(), "aborted, executed yes: ran elsewhere");
}

TEST(interception, takes_an_answer_on_the_way_in) {
    lane where;
    names log;
    where.chain = {noting{"a", &log}, answering{}, noting{"c", &log}};
    const auto made = test_call::begin_in(where);
    EXPECT_EQ(made->invoked, 0);
    EXPECT_EQ(made->told(), "ok 42");
    EXPECT_EQ(log, (names{"a before", "a after ok"}));
    auto other = where.make();
    other.params = "[]";
    const auto passed = std::make_shared<test_call>(where, std::move(other));
    passed->begin();
    EXPECT_EQ(passed->told(), "ok []");
}

TEST(interception, hides_what_an_interceptor_throws_that_is_no_error) {
    struct broken {
        void before(intercepted_call&) { throw std::runtime_error{"the password is swordfish"}; }
    };
    lane where;
    where.chain = {broken{}};
    EXPECT_EQ(test_call::begin_in(where)->told(), "internal, executed no: an interceptor threw what is no farcall::error");
}

TEST(interception, goes_on_outwards_when_one_throws_there) {
    struct broken {
        void after(intercepted_call&, call_outcome&) { throw error{status::data_loss, "spoilt"}; }
    };
    lane where;
    names log;
    where.chain = {noting{"a", &log}, broken{}, noting{"c", &log}};
    EXPECT_EQ(test_call::begin_in(where)->told(), "data_loss, executed yes: spoilt");
    EXPECT_EQ(log.back(), "a after data_loss");
    // What is known of the call stays known.
    where.chain = {broken{}, refusing{}};
    EXPECT_EQ(test_call::begin_in(where)->told(), "data_loss, executed no: spoilt");
}

TEST(interception, waits_for_a_call_that_is_answered_later) {
    lane where;
    names log;
    where.chain = {noting{"a", &log}, noting_around{"b", &log}};
    const auto made = std::make_shared<test_call>(where);
    made->on_invoke = [](test_call&) {};
    made->begin();
    where.run();
    EXPECT_EQ(log, (names{"a before", "b before"}));
    EXPECT_EQ(made->told(), "nothing");
    made->answered(call_outcome::failed(error{status::not_found, "no"}));
    where.run();
    EXPECT_EQ(log, (names{"a before", "b before", "b after not_found", "a after not_found"}));
    EXPECT_EQ(made->ends, 1);
}

TEST(interception, lives_as_long_as_it_runs_and_no_longer) {
    lane where;
    names log;
    where.chain = {noting_around{"a", &log}};
    bool gone = false;
    std::weak_ptr<test_call> watched;
    {
        const auto made = std::make_shared<test_call>(where);
        made->on_invoke = [](test_call&) {};
        made->gone = &gone;
        watched = made;
        made->begin();
    }
    where.run();
    ASSERT_FALSE(gone);
    watched.lock()->answered(call_outcome::answer("1"));
    where.run();
    EXPECT_TRUE(gone);
}

TEST(interception, answers_for_a_coroutine_that_does_not_make_the_call) {
    struct shut {
        awaitable<call_outcome> around(intercepted_call& seen, next_call&) {
            if (seen.params == "[]") throw error{status::unavailable, "closed"};
            co_return call_outcome::answer("7");
        }
    };
    lane where;
    names log;
    where.chain = {noting{"a", &log}, shut{}, noting{"c", &log}};
    const auto made = test_call::begin_in(where);
    where.run();
    EXPECT_EQ(made->told(), "ok 7");
    EXPECT_EQ(made->invoked, 0);
    EXPECT_EQ(log, (names{"a before", "a after ok"}));
    auto other = where.make();
    other.params = "[]";
    const auto refused = std::make_shared<test_call>(where, std::move(other));
    refused->begin();
    where.run();
    EXPECT_EQ(refused->told(), "unavailable, executed no: closed");
}

TEST(interception, does_not_say_that_a_call_did_not_run_when_a_coroutine_throws_behind_it) {
    struct late {
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            co_await next();
            throw error{status::data_loss, "spoilt"};
        }
    };
    lane where;
    where.chain = {late{}};
    const auto made = test_call::begin_in(where);
    where.run();
    EXPECT_EQ(made->told(), "data_loss, executed unknown: spoilt");
}

TEST(interception, makes_the_call_once_however_often_a_coroutine_asks) {
    struct insisting {
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            co_await next();
            co_return co_await next();
        }
    };
    lane where;
    where.chain = {insisting{}};
    const auto made = test_call::begin_in(where);
    where.run();
    EXPECT_EQ(made->invoked, 1);
    EXPECT_TRUE(made->told().starts_with("failed_precondition")) << made->told();
}

TEST(interception, gives_the_call_up_when_it_is_stopped_and_passes_its_end_outwards) {
    lane where;
    names log;
    where.chain = {noting{"a", &log}, noting_around{"b", &log}};
    const auto made = std::make_shared<test_call>(where);
    made->on_invoke = [](test_call&) {};
    made->on_give_up = [](test_call& self) {
        if (self.given_up == 1) self.answered(call_outcome::failed(error{status::cancelled, "stopped"}));
    };
    made->begin();
    where.run();
    where.run([&] { made->stop(); });
    where.run([&] { made->stop(); });
    EXPECT_GE(made->given_up, 1);
    EXPECT_EQ(made->told(), "cancelled, executed unknown: stopped");
    EXPECT_EQ(log.back(), "a after cancelled");
    EXPECT_EQ(made->ends, 1);
}

TEST(interception, cancels_a_coroutine_that_waits_before_the_call) {
    lane where;
    names log;
    where.chain = {noting{"a", &log}, waiting{where.clock}, noting{"c", &log}};
    const auto made = test_call::begin_in(where);
    where.run();
    EXPECT_EQ(log, (names{"a before"}));
    where.run([&] { made->stop(); });
    EXPECT_EQ(made->told(), "cancelled, executed no: the call was given up while an interceptor ran");
    EXPECT_EQ(made->invoked, 0);
    EXPECT_EQ(log, (names{"a before", "a after cancelled"}));
}

TEST(interception, cancels_a_coroutine_that_waits_behind_the_call) {
    lane where;
    where.chain = {waiting{where.clock, false}};
    const auto made = test_call::begin_in(where);
    where.run();
    EXPECT_EQ(made->invoked, 1);
    where.run([&] { made->stop(); });
    EXPECT_EQ(made->told(), "cancelled, executed unknown: the call was given up while an interceptor ran");
}

TEST(interception, lets_a_coroutine_wait) {
    lane where;
    where.chain = {waiting{where.clock}, waiting{where.clock, false}};
    const auto made = test_call::begin_in(where);
    where.run();
    EXPECT_EQ(made->invoked, 0);
    where.clock->step();
    where.run();
    EXPECT_EQ(made->invoked, 1);
    EXPECT_EQ(made->told(), "nothing");
    where.clock->step();
    where.run();
    EXPECT_EQ(made->told(), "ok [1,2]");
}

/// Each place where a call can be when its executor goes: nothing may be left behind, and nothing runs any more.
TEST(interception, leaves_nothing_behind_when_its_executor_is_destroyed) {
    struct holding {
        std::shared_ptr<int> held;
        awaitable<call_outcome> around(intercepted_call&, next_call& next) {
            const auto kept = held;
            co_return co_await next();
        }
    };
    for (int place = 0; place < 4; ++place) {
        const auto held = std::make_shared<int>();
        bool gone = false;
        {
            auto where = std::make_unique<lane>();
            where->chain = {holding{held}};
            if (place < 2) where->chain.push_back(waiting{where->clock, place == 0});
            where->chain.push_back(holding{held});
            auto made = std::make_shared<test_call>(*where);
            made->gone = &gone;
            std::shared_ptr<test_call> in_handler;
            if (place == 2)
                made->on_invoke = [&](test_call& self) {
                    // The handler's frame lies in the executor's queue.
                    struct frame {
                        std::shared_ptr<farcall::detail::interception> kept;
                        explicit frame(std::shared_ptr<farcall::detail::interception> which) : kept(std::move(which)) {}
                        frame(frame&&) = default;
                        ~frame() {
                            if (kept) kept->abandon();
                        }
                        void operator()() {}
                    };
                    boost::asio::post(where->context, frame{self.shared_from_this()});
                };
            made->begin();
            made.reset();
            if (place < 2) where->run();
            // 2: the handler is queued; 3: the answer is on its way to a coroutine.
            where->clock->abandon();
            auto chain = std::move(where->chain);
            where.reset();
            EXPECT_TRUE(gone) << place;
            EXPECT_EQ(held.use_count(), 3) << place << ": this one and the two interceptors'";
        }
        EXPECT_EQ(held.use_count(), 1) << place;
    }
}

TEST(intercepted_call, keeps_one_object_a_type) {
    struct timer {
        int began = 0;
    };
    lane where;
    intercepted_call made = where.make();
    made.local<timer>().began = 5;
    made.local<std::string>() = "a";
    EXPECT_EQ(made.local<timer>().began, 5);
    EXPECT_EQ(made.local<std::string>(), "a");
}

}  // namespace
