#include "support.hpp"

#include <memory>

#include <farcall/interceptor/coroutine.hpp>
#include <farcall/retry/exponential_backoff.hpp>
#include <farcall/retry/hedged.hpp>

/// Interceptors of a client, around calls and around their attempts.
namespace sim_test {

using farcall::call_outcome;
using farcall::client_options;
using farcall::intercepted_call;
using farcall::interceptor;
using farcall::next_call;
using lines = std::vector<std::string>;

RPC_SERVICE(Desk,
    (ask, std::string(int failures), farcall::readonly),
    (slow, int(int ms), farcall::readonly),
    (post, int(int entry)),
    (pay, int(int entry), farcall::exactly_once))

/// Fails as often as it is told, then says how it was called.
struct desk {
    simulation& sim;
    int asked = 0;
    std::vector<int> posts{};
    std::vector<int> pays{};

    std::string ask(farcall::context& call, int failures) {
        if (asked++ < failures) throw farcall::error{status::unavailable, "not yet"};
        call.trailers().set("asked", std::to_string(asked));
        return std::string{call.headers().get("tenant").value_or("nobody")} + ' ' + call.trace().traceparent;
    }
    awaitable<int> slow(int ms) {
        co_await sim.delay(std::chrono::milliseconds{ms});
        co_return ms;
    }
    int post(int entry) {
        posts.push_back(entry);
        return entry;
    }
    int pay(int entry) {
        pays.push_back(entry);
        return entry;
    }
};

/// Writes down what passes by.
struct onlooker {
    lines* seen;
    std::string name;

    void before(intercepted_call& call) {
        seen->push_back(name + " > " + call.method + ' ' + call.params + " #" + std::to_string(call.attempt));
    }
    void after(intercepted_call&, call_outcome& end) {
        seen->push_back(name + " < " + (end.failure ? std::string{to_string(end.status())} : end.result));
    }
};

/// The same as a coroutine that takes its time.
struct slow_witness {
    simulation* sim;
    lines* seen;
    std::chrono::milliseconds before{0};
    std::chrono::milliseconds after{0};

    awaitable<call_outcome> around(intercepted_call& call, next_call& next) {
        seen->push_back("slow > " + call.method);
        co_await sim->delay(before);
        call_outcome end = co_await next();
        seen->push_back("slow < " + std::string{to_string(end.status())});
        co_await sim->delay(after);
        seen->push_back("slow done");
        co_return end;
    }
};

class client_interceptors : public ::testing::Test {
protected:
    client_options with(std::vector<interceptor> calls, std::vector<interceptor> attempts = {}) {
        client_options options = sim.client_options();
        options.interceptors = std::move(calls);
        options.attempt_interceptors = std::move(attempts);
        return options;
    }
    Desk::proxy connect(std::vector<interceptor> calls, std::vector<interceptor> attempts = {}) {
        return {sim.executor(), "sim://server", {}, with(std::move(calls), std::move(attempts))};
    }
    template <class Policy>
    Desk::basic_proxy<Policy> connect(Policy policy, std::vector<interceptor> calls, std::vector<interceptor> attempts = {}) {
        return {sim.executor(), "sim://server", policy, with(std::move(calls), std::move(attempts))};
    }

    world sim;
    desk handler{sim};
    std::unique_ptr<farcall::server> server = sim.serve<Desk>(std::ref(handler));
    lines seen;
};

TEST_F(client_interceptors, see_a_call_once_and_each_attempt_of_it_the_first_outermost) {
    const auto calls = connect(farcall::exponential_backoff{.max_attempts = 3}, {onlooker{&seen, "a"}, onlooker{&seen, "b"}},
                               {onlooker{&seen, "c"}, onlooker{&seen, "d"}});
    EXPECT_EQ(sim.run(calls.ask(1, use_awaitable)), "nobody ");
    EXPECT_EQ(seen, (lines{"a > Desk.ask [1] #1", "b > Desk.ask [1] #1",                      //
                           "c > Desk.ask [1] #1", "d > Desk.ask [1] #1", "d < unavailable", "c < unavailable",
                           "c > Desk.ask [1] #2", "d > Desk.ask [1] #2", "d < \"nobody \"", "c < \"nobody \"",
                           "b < \"nobody \"", "a < \"nobody \""}));
}

TEST_F(client_interceptors, change_what_is_sent_and_what_the_caller_gets) {
    struct change {
        std::string trace;
        void before(intercepted_call& call) {
            call.headers.set("tenant", "a7");
            call.params = "[0]";
            call.trace.traceparent = trace;
        }
        void after(intercepted_call&, call_outcome& end) {
            end.result.insert(1, "changed ");
            end.trailers.set("by", "interceptor");
        }
    };
    farcall::call_report report;
    const auto calls = farcall::with(connect({change{"00-1-2-01"}}), farcall::report_to(report));
    EXPECT_EQ(sim.run(calls.ask(99, use_awaitable)), "changed a7 00-1-2-01");
    EXPECT_EQ(report.trailers, (farcall::metadata{{"asked", "1"}, {"by", "interceptor"}}));
    EXPECT_TRUE(report.server_time);
}

TEST_F(client_interceptors, refuse_a_call_before_it_is_sent) {
    struct refuse {
        void before(intercepted_call&) { throw farcall::error{status::permission_denied, "not from here"}; }
    };
    farcall::call_report report{.attempts = 9};
    const auto end = sim.run(
        farcall::with(connect({onlooker{&seen, "a"}, refuse{}}), farcall::report_to(report)).post(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::permission_denied);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_EQ(end.error().method(), "Desk.post");
    EXPECT_EQ(seen, (lines{"a > Desk.post [1] #1", "a < permission_denied"}));
    EXPECT_EQ(report.attempts, 0u);
    EXPECT_TRUE(handler.posts.empty());
}

TEST_F(client_interceptors, answer_a_call_in_place_of_the_server) {
    struct answer {
        std::optional<call_outcome> before(intercepted_call& call) {
            if (call.params == "[7]") return call_outcome::answer("70");
            return std::nullopt;
        }
    };
    const auto calls = connect({onlooker{&seen, "a"}, answer{}});
    EXPECT_EQ(sim.run(calls.post(7, use_awaitable)), 70);
    EXPECT_EQ(sim.run(calls.post(8, use_awaitable)), 8);
    EXPECT_EQ(seen[1], "a < 70");
    EXPECT_EQ(handler.posts, std::vector<int>{8});
}

TEST_F(client_interceptors, turn_a_failure_into_a_result_and_a_result_that_does_not_fit_is_told) {
    struct repair {
        std::string with;
        void after(intercepted_call&, call_outcome& end) { end = call_outcome::answer(with); }
    };
    EXPECT_EQ(sim.run(connect({repair{"\"mended\""}}).ask(9, use_awaitable)), "mended");
    for (const char* wrong : {"[]", "{", "\"a\" \"b\"", ""}) {
        const auto end = sim.run(connect({repair{wrong}}).ask(0, as_result(use_awaitable)));
        EXPECT_EQ(end.error().status(), status::internal) << wrong;
    }
}

TEST_F(client_interceptors, see_calls_of_every_kind) {
    struct facts {
        lines* seen;
        void before(intercepted_call& call) {
            seen->push_back(call.method + (call.info != nullptr ? " declared" : " named") + (call.one_way ? " one way " : " ") +
                            call.server + (call.side == farcall::call_side::client ? " client" : " server"));
        }
    };
    const client_options options = with({facts{&seen}}, {facts{&seen}});
    const farcall::client named{sim.executor(), "sim://server", options};
    const Desk::proxy calls{named};
    sim.run(calls.post(1, use_awaitable));
    sim.run(named.async_call<int>(use_awaitable, "Desk.post", 2));
    EXPECT_EQ(seen, (lines{"Desk.post declared sim://server client", "Desk.post declared sim://server client",
                           "Desk.post named sim://server client", "Desk.post named sim://server client"}));
    seen.clear();
    calls.post(3, farcall::notify);
    ASSERT_TRUE(sim.run_until([&] { return handler.posts.size() == 3; }));
    EXPECT_EQ(seen, (lines{"Desk.post declared one way sim://server client", "Desk.post declared one way sim://server client"}));
    seen.clear();
    EXPECT_EQ(sim.run(calls.pay(4, use_awaitable)), 4);
    EXPECT_EQ(seen, (lines{"Desk.pay declared sim://server client", "rpc.hello named sim://server client",
                           "Desk.pay declared sim://server client"}))
        << "a hello is none of the application's calls, but goes over the wire";
}

TEST_F(client_interceptors, see_attempts_beside_one_another) {
    const auto calls = connect(farcall::hedged{.delay = 20ms}, {onlooker{&seen, "a"}}, {onlooker{&seen, "c"}});
    EXPECT_EQ(sim.run(calls.slow(100, use_awaitable)), 100);
    sim.run_for(1s);
    EXPECT_EQ(seen, (lines{"a > Desk.slow [100] #1", "c > Desk.slow [100] #1", "c > Desk.slow [100] #2", "c < 100", "a < 100",
                           "c < cancelled"}));
}

TEST_F(client_interceptors, send_a_one_way_call_once_there_is_a_connection) {
    const auto calls = connect({onlooker{&seen, "a"}}, {onlooker{&seen, "c"}});
    calls.post(1, farcall::notify);
    calls.post(2, farcall::notify);
    ASSERT_TRUE(sim.run_until([&] { return handler.posts.size() == 2; }));
    EXPECT_EQ(handler.posts, (std::vector<int>{1, 2}));
}

TEST_F(client_interceptors, may_only_make_the_deadline_earlier) {
    struct limit {
        farcall::time_point when;
        void before(intercepted_call& call) { call.deadline = when; }
    };
    const auto end = sim.run(connect({limit{sim.now() + 50ms}}).slow(1000, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(sim.elapsed() / 1ms, 50);
    const auto later = farcall::with(connect({limit{farcall::never}}), farcall::timeout{30ms});
    EXPECT_EQ(sim.run(later.slow(1000, as_result(use_awaitable))).error().status(), status::deadline_exceeded);
    EXPECT_EQ(sim.elapsed() / 1ms, 80);
}

TEST_F(client_interceptors, that_are_coroutines_wait_before_and_behind_the_call) {
    const auto calls = connect({onlooker{&seen, "a"}, slow_witness{&sim, &seen, 30ms, 40ms}, onlooker{&seen, "b"}});
    EXPECT_EQ(sim.run(calls.slow(100, use_awaitable)), 100);
    EXPECT_GE(sim.elapsed(), 170ms);
    EXPECT_EQ(seen, (lines{"a > Desk.slow [100] #1", "slow > Desk.slow", "b > Desk.slow [100] #1", "b < 100", "slow < ok",
                           "slow done", "a < 100"}));
}

TEST_F(client_interceptors, are_no_reason_to_wait_beyond_the_deadline) {
    const auto before = farcall::with(connect({slow_witness{&sim, &seen, 10s, 0ms}}), farcall::timeout{50ms});
    auto end = sim.run(before.slow(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::no);
    EXPECT_EQ(sim.elapsed() / 1ms, 50);

    const auto behind = farcall::with(connect({slow_witness{&sim, &seen, 0ms, 10s}}), farcall::timeout{50ms});
    end = sim.run(behind.slow(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::yes);
    EXPECT_EQ(sim.elapsed() / 1ms, 100);

    const auto inside = farcall::with(connect({slow_witness{&sim, &seen, 0ms, 10s}}), farcall::timeout{50ms});
    end = sim.run(inside.slow(1000, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
    EXPECT_EQ(end.error().executed(), executed::unknown);
    EXPECT_EQ(sim.elapsed() / 1ms, 150);
}

/// What a caller gets that gives its call up, or closes the client, `when` it has run for some time.
struct given_up_case {
    const char* name;
    std::chrono::milliseconds before, handler, after;
    executed ran;
};

class client_interceptors_given_up : public client_interceptors, public ::testing::WithParamInterface<given_up_case> {};

INSTANTIATE_TEST_SUITE_P(calls, client_interceptors_given_up,
                         ::testing::Values(given_up_case{"before", 10s, 1ms, 0ms, executed::no},
                                           given_up_case{"inside", 0ms, 10s, 0ms, executed::unknown},
                                           given_up_case{"behind", 0ms, 1ms, 10s, executed::yes}),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST_P(client_interceptors_given_up, end_with_a_call_that_is_cancelled) {
    const auto& how = GetParam();
    for (const bool attempts : {false, true}) {
        std::vector<interceptor> chain{slow_witness{&sim, &seen, how.before, how.after}};
        std::stop_source stop;
        const auto calls = farcall::with(attempts ? connect(farcall::exponential_backoff{}, {}, chain)
                                                  : connect(farcall::exponential_backoff{}, chain),
                                         farcall::no_timeout, stop.get_token());
        std::optional<farcall::result<int>> end;
        calls.slow(static_cast<int>(how.handler.count()), [&](farcall::result<int> got) { end = std::move(got); });
        sim.run_for(100ms);
        EXPECT_FALSE(end);
        stop.request_stop();
        sim.run_for(1ms);
        ASSERT_TRUE(end);
        EXPECT_EQ(end->error().status(), status::cancelled) << text_of(*end);
        EXPECT_EQ(end->error().executed(), how.ran) << text_of(*end);
    }
}

TEST_P(client_interceptors_given_up, end_with_a_client_that_is_closed) {
    const auto& how = GetParam();
    for (const bool attempts : {false, true}) {
        std::vector<interceptor> chain{slow_witness{&sim, &seen, how.before, how.after}};
        const farcall::client client{sim.executor(), "sim://server",
                                     attempts ? with({}, std::move(chain)) : with(std::move(chain))};
        const auto calls = farcall::with(Desk::proxy{client}, farcall::no_timeout);
        std::optional<farcall::result<int>> end;
        calls.slow(static_cast<int>(how.handler.count()), [&](farcall::result<int> got) { end = std::move(got); });
        sim.run_for(100ms);
        client.close();
        sim.run_for(1ms);
        ASSERT_TRUE(end);
        EXPECT_EQ(end->error().status(), status::cancelled) << text_of(*end);
        EXPECT_EQ(end->error().executed(), how.ran) << text_of(*end);
    }
}

TEST_P(client_interceptors_given_up, leave_nothing_behind_in_an_executor_that_is_destroyed) {
    const auto& how = GetParam();
    for (const bool attempts : {false, true}) {
        const auto kept = std::make_shared<int>(0);
        bool called = false;
        {
            world other;
            desk behind{other};
            auto host = other.serve<Desk>(std::ref(behind));
            client_options options = other.client_options();
            auto& chain = attempts ? options.attempt_interceptors : options.interceptors;
            chain = {onlooker{&seen, "a"}, slow_witness{&other, &seen, how.before, how.after}};
            const Desk::proxy calls{other.executor(), "sim://server", {}, options};
            farcall::with(calls, farcall::no_timeout)
                .slow(static_cast<int>(how.handler.count()), [kept, &called](farcall::result<int>) { called = true; });
            other.run_for(100ms);
            EXPECT_EQ(kept.use_count(), 2);
        }
        EXPECT_EQ(kept.use_count(), 1) << "the handler is still there";
        EXPECT_FALSE(called);
    }
}

TEST_F(client_interceptors, that_go_on_although_the_call_was_given_up_do_not_make_it) {
    struct stubborn {
        simulation* sim;
        awaitable<call_outcome> around(intercepted_call& call, next_call& next) {
            EXPECT_FALSE(call.stop.stop_requested());
            try {
                co_await sim->delay(10s);
            } catch (const boost::system::system_error&) {
            }
            EXPECT_TRUE(call.stop.stop_requested());
            co_await boost::asio::this_coro::reset_cancellation_state();
            co_return co_await next();
        }
    };
    std::stop_source stop;
    const auto calls = farcall::with(connect({stubborn{&sim}}), stop.get_token());
    std::optional<farcall::result<int>> end;
    calls.post(1, [&](farcall::result<int> got) { end = std::move(got); });
    sim.run_for(100ms);
    stop.request_stop();
    sim.run_for(1s);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().status(), status::cancelled) << text_of(*end);
    EXPECT_EQ(end->error().executed(), executed::no);
    EXPECT_TRUE(handler.posts.empty());
}

TEST_F(client_interceptors, that_throw_end_the_call_and_no_process) {
    struct broken {
        void after(intercepted_call&, call_outcome&) { throw std::runtime_error{"secret"}; }
    };
    const auto end = sim.run(connect({onlooker{&seen, "a"}, broken{}}).post(1, as_result(use_awaitable)));
    EXPECT_EQ(end.error().status(), status::internal);
    EXPECT_EQ(end.error().executed(), executed::yes);
    EXPECT_EQ(seen.back(), "a < internal");
}

TEST_F(client_interceptors, do_not_change_what_a_lost_connection_says_of_a_call) {
    const auto calls = connect({onlooker{&seen, "a"}}, {onlooker{&seen, "c"}});
    std::optional<farcall::result<int>> end;
    calls.slow(1000, [&](farcall::result<int> got) { end = std::move(got); });
    sim.run_for(100ms);
    sim.network().disconnect("server");
    sim.run_for(100ms);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().status(), status::unavailable) << text_of(*end);
    EXPECT_EQ(end->error().executed(), executed::unknown);
    const auto nobody = Desk::proxy{sim.executor(), "sim://nobody", {}, with({onlooker{&seen, "a"}}, {onlooker{&seen, "c"}})};
    const auto refused = sim.run(nobody.post(1, as_result(use_awaitable)));
    EXPECT_EQ(refused.error().executed(), executed::no) << text_of(refused);
}

}  // namespace sim_test
