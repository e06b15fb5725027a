#include <stop_token>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include "support.hpp"

namespace sim_test {

using boost::asio::bind_cancellation_slot;
using boost::asio::cancellation_signal;
using boost::asio::cancellation_type;

/// How a call ended that a callback waits for.
struct seen_end {
    int ends = 0;
    std::optional<farcall::error> failure;

    auto handler() {
        return [this](farcall::result<std::string> end) {
            ++ends;
            if (!end) failure = end.error();
        };
    }
    void expect_cancelled(executed ran) const {
        EXPECT_EQ(ends, 1);
        ASSERT_TRUE(failure);
        EXPECT_EQ(failure->status(), status::cancelled) << failure->what();
        EXPECT_EQ(failure->executed(), ran) << failure->what();
        EXPECT_EQ(failure->origin(), farcall::origin::local);
        EXPECT_EQ(failure->method(), "Ledger.slow");
    }
};

class cancel : public ::testing::Test {
protected:
    world sim;
    ledger book{sim};
    std::unique_ptr<farcall::server> server = sim.serve<Ledger>(std::ref(book));
    Ledger::proxy proxy{sim.connect()};
    cancellation_signal signal;
    seen_end end;
};

TEST_F(cancel, a_signal_ends_a_call_under_way) {
    for (const auto type : {cancellation_type::total, cancellation_type::partial, cancellation_type::terminal}) {
        seen_end once;
        proxy.slow(1'000, bind_cancellation_slot(signal.slot(), once.handler()));
        sim.run_for(10ms);
        EXPECT_EQ(once.ends, 0);
        signal.emit(type);
        EXPECT_EQ(once.ends, 0) << "never inside of emit";
        sim.run_for(0ms);
        once.expect_cancelled(executed::unknown);
    }
    EXPECT_EQ(sim.elapsed(), 30ms);
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3) << "the connection goes on";
    sim.run_for(2s);
    EXPECT_EQ(sim.network().open_connections(), 1u);
}

TEST_F(cancel, a_call_that_was_not_sent_did_not_run) {
    sim.network().partition("client", "server");
    proxy.slow(1, bind_cancellation_slot(signal.slot(), end.handler()));
    sim.run_for(10ms);
    signal.emit(cancellation_type::total);
    sim.run_for(0ms);
    end.expect_cancelled(executed::no);
    sim.network().heal();
    sim.run_for(20s);
    EXPECT_EQ(book.slow_calls, 0);
}

TEST_F(cancel, at_once_after_the_start_nothing_is_sent) {
    proxy.slow(1, bind_cancellation_slot(signal.slot(), end.handler()));
    signal.emit(cancellation_type::terminal);
    sim.run_for(1s);
    end.expect_cancelled(executed::no);
    EXPECT_EQ(book.slow_calls, 0);
}

TEST_F(cancel, of_no_kind_means_nothing) {
    proxy.slow(5, bind_cancellation_slot(signal.slot(), end.handler()));
    signal.emit(cancellation_type::none);
    sim.run_for(1s);
    EXPECT_EQ(end.ends, 1);
    EXPECT_FALSE(end.failure);
}

TEST_F(cancel, after_the_end_has_no_effect) {
    proxy.slow(5, bind_cancellation_slot(signal.slot(), end.handler()));
    sim.run_for(1s);
    EXPECT_EQ(end.ends, 1);
    signal.emit(cancellation_type::total);
    sim.run_for(1s);
    EXPECT_EQ(end.ends, 1);
    EXPECT_FALSE(end.failure);
}

TEST_F(cancel, repeated_ends_the_call_once) {
    proxy.slow(100, bind_cancellation_slot(signal.slot(), end.handler()));
    sim.run_for(5ms);
    signal.emit(cancellation_type::total);
    signal.emit(cancellation_type::terminal);
    sim.run_for(1s);
    end.expect_cancelled(executed::unknown);
}

TEST_F(cancel, in_the_same_turn_as_the_answer_there_is_one_end) {
    sim.network().defaults().delay = {7ms};
    std::string value;
    for (const auto at : {20ms, 21ms, 22ms}) {
        seen_end once;
        // Connected: the answer of a call without delay of its own comes after two ways.
        proxy.slow(7, bind_cancellation_slot(signal.slot(), once.handler()));
        sim.spawn([&, at]() -> awaitable<void> {
            co_await sim.delay(at);
            signal.emit(cancellation_type::total);
        });
        sim.run_for(1s);
        EXPECT_EQ(once.ends, 1) << at.count();
    }
}

TEST_F(cancel, reaches_a_call_through_the_coroutine_that_awaits_it) {
    std::optional<status> code;
    boost::asio::co_spawn(
        sim.executor(),
        [&]() -> awaitable<void> {
            co_await boost::asio::this_coro::throw_if_cancelled(false);
            try {
                (void)co_await proxy.slow(1'000, use_awaitable);
            } catch (const farcall::error& failed) {
                code = failed.status();
            }
        },
        bind_cancellation_slot(signal.slot(), boost::asio::detached));
    sim.run_for(10ms);
    signal.emit(cancellation_type::terminal);
    sim.run_for(0ms);
    EXPECT_EQ(code, status::cancelled);
}

TEST_F(cancel, the_loser_of_two_awaitables_is_given_up) {
    using namespace boost::asio::experimental::awaitable_operators;
    const auto end = sim.run([&]() -> awaitable<std::size_t> {
        const auto first = co_await (proxy.slow(1'000, as_result(use_awaitable)) || proxy.slow(20, as_result(use_awaitable)));
        co_return first.index();
    });
    EXPECT_EQ(end, 1u);
    EXPECT_EQ(sim.elapsed(), 20ms);
    EXPECT_EQ(sim.run(proxy.add(1, 2, use_awaitable)), 3);
}

TEST_F(cancel, serves_deferred_futures_and_tuples) {
    auto deferred = proxy.slow(1'000, boost::asio::experimental::deferred);
    std::move(deferred)(bind_cancellation_slot(signal.slot(), [this](std::exception_ptr failed, std::string) {
        ++end.ends;
        try {
            std::rethrow_exception(failed);
        } catch (const farcall::error& why) {
            end.failure = why;
        }
    }));
    sim.run_for(1ms);
    signal.emit(cancellation_type::total);
    sim.run_for(0ms);
    end.expect_cancelled(executed::unknown);

    std::future<std::string> later = proxy.slow(1'000, bind_cancellation_slot(signal.slot(), boost::asio::use_future));
    sim.run_for(1ms);
    signal.emit(cancellation_type::total);
    sim.run_for(0ms);
    ASSERT_EQ(later.wait_for(0s), std::future_status::ready);
    EXPECT_THROW(later.get(), farcall::error);

    bool told = false;
    proxy.slow(1'000, bind_cancellation_slot(signal.slot(), [&](std::exception_ptr failed, std::string) {
                   told = failed != nullptr;
               }));
    sim.run_for(1ms);
    signal.emit(cancellation_type::total);
    sim.run_for(0ms);
    EXPECT_TRUE(told);
}

TEST_F(cancel, by_a_stop_token_ends_a_call) {
    std::stop_source source;
    farcall::with(proxy, source.get_token()).slow(1'000, end.handler());
    sim.run_for(10ms);
    source.request_stop();
    sim.run_for(0ms);
    end.expect_cancelled(executed::unknown);
}

TEST_F(cancel, by_a_stop_token_that_was_stopped_before_nothing_is_sent) {
    std::stop_source source;
    source.request_stop();
    farcall::with(proxy, source.get_token()).slow(1, end.handler());
    sim.run_for(1s);
    end.expect_cancelled(executed::no);
    EXPECT_EQ(book.slow_calls, 0);
}

TEST_F(cancel, a_stop_token_that_outlives_its_calls_does_no_harm) {
    std::stop_source source;
    const auto stoppable = farcall::with(proxy, source.get_token());
    EXPECT_EQ(sim.run(stoppable.add(1, 2, use_awaitable)), 3);
    source.request_stop();
    const auto late = sim.run(stoppable.add(1, 2, as_result(use_awaitable)));
    EXPECT_EQ(late.error().status(), status::cancelled);
    EXPECT_EQ(late.error().executed(), executed::no);
}

TEST_F(cancel, ends_the_pause_between_two_attempts) {
    server.reset();
    Ledger::basic_proxy<farcall::fixed_delay> stubborn{sim.connect(), {.max_attempts = 3, .delay = 5s}};
    stubborn.slow(1, bind_cancellation_slot(signal.slot(), end.handler()));
    sim.run_for(1s);
    signal.emit(cancellation_type::total);
    sim.run_for(0ms);
    end.expect_cancelled(executed::no);
    EXPECT_EQ(sim.elapsed(), 1s);
    sim.run_for(1min);
    EXPECT_EQ(end.ends, 1);
}

TEST_F(cancel, ends_an_attempt_and_no_other_follows) {
    Ledger::basic_proxy<farcall::fixed_delay> stubborn{sim.connect(), {.max_attempts = 5, .delay = 1ms}};
    stubborn.slow(1'000, bind_cancellation_slot(signal.slot(), end.handler()));
    sim.run_for(10ms);
    signal.emit(cancellation_type::total);
    sim.run_for(10s);
    end.expect_cancelled(executed::unknown);
    EXPECT_EQ(book.slow_calls, 1);
}

TEST_F(cancel, a_client_that_is_closed_ends_the_pauses_of_its_calls) {
    server.reset();
    auto connection = sim.connect();
    Ledger::basic_proxy<farcall::fixed_delay> stubborn{connection, {.max_attempts = 3, .delay = 5s}};
    seen_end other;
    stubborn.slow(1, end.handler());
    stubborn.slow(2, other.handler());
    sim.run_for(1s);
    connection.close();
    sim.run_for(0ms);
    end.expect_cancelled(executed::no);
    other.expect_cancelled(executed::no);
}

TEST_F(cancel, what_a_closed_client_calls_anew_is_not_given_up) {
    server.reset();
    auto connection = sim.connect();
    Ledger::basic_proxy<farcall::fixed_delay> stubborn{connection, {.max_attempts = 2, .delay = 1s}};
    int ends = 0;
    stubborn.slow(1, [&](farcall::result<std::string>) { stubborn.slow(2, end.handler()); ++ends; });
    sim.run_for(500ms);
    connection.close();
    sim.run_for(100ms);
    EXPECT_EQ(ends, 1);
    EXPECT_EQ(end.ends, 0) << "its attempts go on";
    sim.run_for(10s);
    ASSERT_EQ(end.ends, 1);
    EXPECT_EQ(end.failure->status(), status::unavailable);
}

}  // namespace sim_test
