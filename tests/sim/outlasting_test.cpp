#include "support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <farcall/interceptor/bearer_token.hpp>
#include <farcall/interceptor/cache.hpp>
#include <farcall/interceptor/coroutine.hpp>
#include <farcall/interceptor/deadline_cap.hpp>
#include <farcall/interceptor/last_known.hpp>

/// Interceptors of clients and servers that do not simply wait for the call: they leave it, give it up, or have less time
/// than the caller; and callers that only their attempts name.
namespace sim_test {

using farcall::call_outcome;
using farcall::intercepted_call;
using farcall::interceptor;
using farcall::next_call;
using chain = std::vector<interceptor>;

RPC_SERVICE(Office,
    (slow, int(int ms), farcall::readonly),
    (post, int(int entry)),
    (who, std::string(), farcall::readonly, farcall::cacheable_ms<5'000>))

struct office {
    simulation& sim;
    int begun = 0, ended = 0, posts = 0;

    awaitable<int> slow(int ms) {
        ++begun;
        co_await sim.delay(std::chrono::milliseconds{ms});
        ++ended;
        co_return ms;
    }
    int post(int entry) { return ++posts, entry; }
    awaitable<std::string> who(farcall::context& call) {
        std::string name{call.headers().get("authorization").value_or("nobody")};
        co_await sim.delay(10ms);
        co_return name;
    }
};

/// Leaves the call to a coroutine of its own, which begins it after so many turns, and ends after others.
struct leaves {
    int before_next, before_end;
    std::shared_ptr<int> frames = std::make_shared<int>();

    static awaitable<void> turns(int count) {
        const auto where = co_await boost::asio::this_coro::executor;
        for (int i = 0; i != count; ++i) co_await boost::asio::post(where, use_awaitable);
    }
    static awaitable<void> call(next_call next, int later, [[maybe_unused]] std::shared_ptr<int> frame) {
        co_await turns(later);
        co_await next();
    }
    awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        const auto where = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(where, call(next, before_next, frames), boost::asio::detached);
        co_await turns(before_end);
        co_return call_outcome::answer("7");
    }
};

struct sleeps {
    simulation* sim;
    awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        co_await sim->delay(10s);
        co_return co_await next();
    }
};

struct impatient {
    simulation* sim;
    awaitable<call_outcome> around(intercepted_call&, next_call& next) {
        using namespace boost::asio::experimental::awaitable_operators;
        auto first = co_await (next() || sim->delay(100ms));
        if (first.index() == 0) co_return std::get<0>(std::move(first));
        throw farcall::error{status::unavailable, "too slow"};
    }
};

/// One client and one server, of which one has interceptors.
class outlasting : public ::testing::Test {
protected:
    Office::proxy connect(chain whole, chain attempts = {}) {
        farcall::client_options options = sim.client_options();
        options.interceptors = std::move(whole);
        options.attempt_interceptors = std::move(attempts);
        return farcall::with(Office::proxy{sim.executor(), url, {}, options}, farcall::no_timeout);
    }
    Office::proxy guard(chain guards) {
        farcall::server_options options = sim.server_options();
        options.interceptors = std::move(guards);
        server = std::make_unique<farcall::server>(options);
        server->add<Office>(std::ref(handler));
        url = "sim://guarded";
        server->listen(url);
        server->start();
        return connect({});
    }

    world sim;
    office handler{sim};
    std::string url = "sim://server";
    std::unique_ptr<farcall::server> server = sim.serve<Office>(std::ref(handler));
};

TEST_F(outlasting, calls_are_given_up_by_their_interceptor_on_both_sides) {
    for (const bool on_server : {false, true}) {
        handler.begun = handler.ended = 0;
        const auto calls = on_server ? guard({leaves{0, 3}}) : connect({leaves{0, 3}});
        EXPECT_EQ(sim.run(calls.slow(50, use_awaitable)), 7) << on_server;
        sim.run_for(1s);
        EXPECT_EQ(handler.ended, 0) << on_server;
    }
}

TEST_F(outlasting, calls_that_begin_when_their_interceptor_has_ended_are_refused_on_both_sides) {
    for (const bool on_server : {false, true}) {
        const auto calls = on_server ? guard({leaves{9, 0}}) : connect({leaves{9, 0}});
        EXPECT_EQ(sim.run(calls.slow(20, use_awaitable)), 7) << on_server;
        sim.run_for(1s);
        EXPECT_EQ(handler.begun, 0) << on_server;
    }
}

TEST_F(outlasting, calls_leave_nothing_in_a_world_that_ends) {
    const leaves stage{0, 5};
    {
        simulation other{1};
        office there{other};
        auto served = other.serve<Office>(std::ref(there));
        farcall::client_options options = other.client_options();
        options.interceptors = {stage};
        const Office::proxy calls{other.executor(), "sim://server", {}, options};
        options = {};
        EXPECT_EQ(other.run(calls.slow(1'000, use_awaitable)), 7);
        calls.slow(1'000, [](farcall::result<int>) {});
    }
    EXPECT_EQ(stage.frames.use_count(), 1);
}

TEST_F(outlasting, interceptors_further_in_are_stopped_with_the_call_that_is_given_up) {
    for (const bool on_server : {false, true}) {
        const chain both{impatient{&sim}, sleeps{&sim}};
        const auto calls = on_server ? guard(both) : connect(both);
        const auto began = sim.elapsed();
        const auto end = sim.run(calls.post(1, as_result(use_awaitable)));
        EXPECT_EQ(end.error().status(), status::unavailable) << text_of(end);
        EXPECT_LT(sim.elapsed() - began, 1s) << on_server;
        sim.run_for(60s);
        EXPECT_EQ(handler.posts, 0) << on_server;
    }
}

TEST_F(outlasting, interceptors_are_stopped_at_the_deadline_that_one_further_out_has_set) {
    for (const bool on_server : {false, true}) {
        const chain both{farcall::deadline_cap{100ms}, sleeps{&sim}};
        const auto calls = on_server ? guard(both) : connect(both);
        const auto began = sim.elapsed();
        const auto end = sim.run(calls.slow(1, as_result(use_awaitable)));
        EXPECT_EQ(end.error().status(), status::deadline_exceeded) << text_of(end);
        EXPECT_LT(sim.elapsed() - began, 1s) << on_server;
        EXPECT_EQ(handler.begun, 0);
    }
}

TEST_F(outlasting, callers_that_only_their_attempts_name_share_no_result) {
    std::string token = "ada";
    const interceptor bearer{farcall::bearer_token{[&] { return token; }}};
    const auto cached = connect({farcall::cache{}}, {bearer});
    EXPECT_EQ(sim.run(cached.who(use_awaitable)), "Bearer ada");
    token = "bob";
    EXPECT_EQ(sim.run(cached.who(use_awaitable)), "Bearer bob");
    // Nor while they wait for one another.
    const farcall::cache shared;
    const auto ada = connect({shared}, {farcall::bearer_token{"ada"}});
    const auto bob = connect({shared}, {farcall::bearer_token{"bob"}});
    std::string got;
    ada.who([&](farcall::result<std::string> end) { got = *end; });
    EXPECT_EQ(sim.run(bob.who(use_awaitable)), "Bearer bob");
    EXPECT_EQ(got, "Bearer ada");
    const auto fallen_back = connect({farcall::last_known{}}, {bearer});
    EXPECT_EQ(sim.run(fallen_back.who(use_awaitable)), "Bearer bob");
    token = "eve";
    server.reset();
    const auto end = sim.run(fallen_back.who(as_result(use_awaitable)));
    ASSERT_FALSE(end) << *end;
    EXPECT_EQ(end.error().status(), status::unavailable);
}

TEST_F(outlasting, callers_that_say_who_they_are_in_front_of_it_have_a_cache_each) {
    std::string token = "ada", user = "ada";
    const interceptor bearer{farcall::bearer_token{[&] { return token; }}};
    for (const auto& calls : {connect({bearer, farcall::cache{}, farcall::last_known{}}),
                              connect({farcall::cache{{.caller = [&] { return user; }}},
                                       farcall::last_known{{.caller = [&] { return user; }}}},
                                      {bearer})}) {
        for (const char* who : {"ada", "bob", "ada", "bob"}) {
            token = user = who;
            EXPECT_EQ(sim.run(calls.who(use_awaitable)), std::string{"Bearer "} + who);
        }
    }
}

}  // namespace sim_test
