#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <farcall/store/store.hpp>

/// How big the store is that a test wants. One that has other bounds by nature passes over what it cannot set.
struct store_bounds {
    std::size_t bytes = 16u << 20;
    std::size_t sessions = 1000;
    std::uint64_t window = 8;
    std::chrono::milliseconds lease{600'000};
    std::chrono::hours keys{48};
};

/// What every store promises (store/store.hpp). Run it on your own:
///
///     struct my_stores {
///         static std::unique_ptr<farcall::store> make(const store_bounds& bounds);  // a new, empty one
///     };
///     INSTANTIATE_TYPED_TEST_SUITE_P(mine, store_suite, my_stores);
template <class Maker>
class store_suite : public ::testing::Test {
protected:
    static constexpr farcall::time_point begin{std::chrono::hours{1000}};

    store_suite() { make({}); }

    void make(const store_bounds& bounds) {
        this->bounds = bounds;
        tested = Maker::make(bounds);
    }

    std::string open(std::string_view principal = "") {
        const auto made = tested->open(principal, now);
        return made ? made->id : std::string{};
    }

    static farcall::call_fingerprint print_of(std::uint64_t which) { return {which, ~which}; }

    /// A call of a session; its arguments are told apart by `arguments`.
    farcall::call_identity numbered(std::string_view session, std::uint64_t seq, std::uint64_t ack = 1,
                                    std::uint64_t arguments = 1) const {
        farcall::call_identity made;
        made.session = session;
        made.seq = seq;
        made.ack = ack;
        made.fingerprint = print_of(arguments);
        return made;
    }

    farcall::call_identity keyed(std::string_view key, std::uint64_t arguments = 1) const {
        farcall::call_identity made;
        made.idempotency_key = key;
        made.fingerprint = print_of(arguments);
        return made;
    }

    farcall::admission admit(const farcall::call_identity& call) { return tested->admit(call, now); }
    farcall::verdict judge(const farcall::call_identity& call) { return admit(call).verdict; }

    /// Runs a call to its end.
    void run(const farcall::call_identity& call, std::string_view reply) {
        const farcall::admission taken = admit(call);
        ASSERT_EQ(taken.verdict, farcall::verdict::run);
        tested->finish(taken.ticket, reply, now);
    }

    store_bounds bounds;
    std::unique_ptr<farcall::store> tested;
    farcall::time_point now = begin;
};

TYPED_TEST_SUITE_P(store_suite);

TYPED_TEST_P(store_suite, names_each_session_by_32_hexadecimal_digits_that_no_other_has) {
    std::set<std::string> names;
    for (int i = 0; i < 200; ++i) {
        const auto made = this->tested->open("", this->now);
        ASSERT_TRUE(made);
        EXPECT_EQ(made->id.size(), 32u);
        EXPECT_EQ(made->id.find_first_not_of("0123456789abcdef"), std::string::npos);
        EXPECT_EQ(made->window, this->bounds.window);
        EXPECT_EQ(made->lease, this->bounds.lease);
        names.insert(made->id);
    }
    EXPECT_EQ(names.size(), 200u);
}

TYPED_TEST_P(store_suite, runs_a_new_call_and_replays_its_reply_ever_after) {
    const std::string session = this->open();
    const std::string reply = "\"result\":\"\xC3\xA9\\u0000" + std::string(5000, 'x') + "\"}";
    this->run(this->numbered(session, 1), reply);
    for (int i = 0; i < 3; ++i) {
        const auto again = this->admit(this->numbered(session, 1));
        EXPECT_EQ(again.verdict, farcall::verdict::replay);
        EXPECT_EQ(again.reply, reply);
    }
}

TYPED_TEST_P(store_suite, says_of_a_call_that_runs_under_which_ticket) {
    const std::string session = this->open();
    const auto first = this->admit(this->numbered(session, 1));
    const auto other = this->admit(this->numbered(session, 2));
    ASSERT_EQ(first.verdict, farcall::verdict::run);
    ASSERT_EQ(other.verdict, farcall::verdict::run);
    EXPECT_NE(first.ticket, other.ticket);
    const auto again = this->admit(this->numbered(session, 1));
    EXPECT_EQ(again.verdict, farcall::verdict::running);
    EXPECT_EQ(again.ticket, first.ticket);
}

TYPED_TEST_P(store_suite, runs_again_what_did_not_run_after_all) {
    const std::string session = this->open();
    const auto first = this->admit(this->numbered(session, 1));
    this->tested->forget(first.ticket, this->now);
    const auto again = this->admit(this->numbered(session, 1));
    EXPECT_EQ(again.verdict, farcall::verdict::run);
    EXPECT_NE(again.ticket, first.ticket);
    const auto keyed = this->admit(this->keyed("k"));
    this->tested->forget(keyed.ticket, this->now);
    EXPECT_EQ(this->judge(this->keyed("k", 2)), farcall::verdict::run);
}

TYPED_TEST_P(store_suite, passes_over_a_ticket_that_is_none) {
    const std::string session = this->open();
    const auto first = this->admit(this->numbered(session, 1));
    this->tested->finish(first.ticket, "first", this->now);
    this->tested->finish(first.ticket, "second", this->now);
    this->tested->forget(first.ticket, this->now);
    this->tested->finish(0, "none", this->now);
    this->tested->finish(~std::uint64_t{0}, "none", this->now);
    EXPECT_EQ(this->admit(this->numbered(session, 1)).reply, "first");
}

TYPED_TEST_P(store_suite, refuses_the_same_number_with_other_arguments) {
    const std::string session = this->open();
    const auto running = this->admit(this->numbered(session, 1));
    EXPECT_EQ(this->judge(this->numbered(session, 1, 1, 2)), farcall::verdict::conflict);
    this->tested->finish(running.ticket, "done", this->now);
    EXPECT_EQ(this->judge(this->numbered(session, 1, 1, 2)), farcall::verdict::conflict);
    EXPECT_EQ(this->admit(this->numbered(session, 1)).reply, "done");
}

TYPED_TEST_P(store_suite, never_runs_a_call_below_the_first_one_without_an_end) {
    const std::string session = this->open();
    this->run(this->numbered(session, 1), "one");
    this->run(this->numbered(session, 3, 3), "three");
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::stale);
    // Number 2 never came, and may not come any more.
    EXPECT_EQ(this->judge(this->numbered(session, 2)), farcall::verdict::stale);
    EXPECT_EQ(this->judge(this->numbered(session, 2, 2)), farcall::verdict::stale);
    // What an old message says takes nothing back.
    EXPECT_EQ(this->admit(this->numbered(session, 3, 1)).reply, "three");
    EXPECT_EQ(this->judge(this->numbered(session, 2, 1)), farcall::verdict::stale);
}

TYPED_TEST_P(store_suite, takes_in_the_ack_of_a_call_that_it_refuses) {
    const std::string session = this->open();
    this->run(this->numbered(session, 1), "one");
    EXPECT_EQ(this->judge(this->numbered(session, 900, 2)), farcall::verdict::beyond_window);
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::stale);
}

TYPED_TEST_P(store_suite, a_call_that_still_runs_when_its_caller_gives_it_up_stays_forgotten) {
    const std::string session = this->open();
    const auto running = this->admit(this->numbered(session, 1));
    EXPECT_EQ(this->judge(this->numbered(session, 2, 2)), farcall::verdict::run);
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::stale);
    this->tested->finish(running.ticket, "late", this->now);
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::stale);
    // Its place in any table belongs to others by now.
    for (std::uint64_t seq = 3; seq < 40; ++seq) {
        this->run(this->numbered(session, seq, seq), std::to_string(seq));
        EXPECT_EQ(this->admit(this->numbered(session, seq, seq)).reply, std::to_string(seq));
    }
}

TYPED_TEST_P(store_suite, takes_calls_in_any_order_within_the_window_and_none_beyond) {
    const std::string session = this->open();
    const std::uint64_t window = this->bounds.window;
    for (std::uint64_t seq = window; seq >= 1; --seq)
        this->run(this->numbered(session, seq), std::to_string(seq));
    EXPECT_EQ(this->judge(this->numbered(session, window + 1)), farcall::verdict::beyond_window);
    EXPECT_EQ(this->judge(this->numbered(session, (std::uint64_t{1} << 63) - 1)), farcall::verdict::beyond_window);
    for (std::uint64_t seq = 1; seq <= window; ++seq)
        EXPECT_EQ(this->admit(this->numbered(session, seq)).reply, std::to_string(seq));
    EXPECT_EQ(this->judge(this->numbered(session, window + 1, 2)), farcall::verdict::run);
    EXPECT_EQ(this->judge(this->numbered(session, window + 2, 2)), farcall::verdict::beyond_window);
}

TYPED_TEST_P(store_suite, keeps_every_reply_while_the_window_moves_on_and_jumps) {
    const std::string session = this->open();
    const std::uint64_t window = this->bounds.window;
    std::uint64_t ack = 1;
    for (int round = 0; round < 50; ++round) {
        for (std::uint64_t seq = ack; seq < ack + window; ++seq) {
            const auto taken = this->admit(this->numbered(session, seq, ack));
            if (taken.verdict == farcall::verdict::run)
                this->tested->finish(taken.ticket, std::to_string(seq), this->now);
        }
        for (std::uint64_t seq = ack; seq < ack + window; ++seq)
            EXPECT_EQ(this->admit(this->numbered(session, seq, ack)).reply, std::to_string(seq));
        ack += round % 7 == 6 ? 1'000'003 : static_cast<std::uint64_t>(round) % window + 1;
    }
}

TYPED_TEST_P(store_suite, knows_nothing_of_one_call_from_another_that_had_its_place) {
    const std::string session = this->open();
    const std::uint64_t window = this->bounds.window;
    for (std::uint64_t seq = 1; seq <= window; ++seq) this->run(this->numbered(session, seq), "old");
    // The last of the next window first: between it and the first lie places that were in use.
    for (std::uint64_t seq = 2 * window; seq > window; --seq) {
        const auto taken = this->admit(this->numbered(session, seq, window + 1));
        EXPECT_EQ(taken.verdict, farcall::verdict::run) << seq;
        EXPECT_EQ(this->admit(this->numbered(session, seq, window + 1)).ticket, taken.ticket);
    }
}

TYPED_TEST_P(store_suite, knows_a_session_by_its_whole_name_only) {
    const std::string session = this->open();
    const std::string wrong[] = {"", "0", std::string(32, '0'), session + "0", session.substr(1), std::string(31, 'a') + "G",
                                 std::string(64, 'f'), std::string("\0", 1) + session.substr(1)};
    for (const std::string& each : wrong) {
        if (each.empty()) continue;
        EXPECT_EQ(this->judge(this->numbered(each, 1)), farcall::verdict::expired) << each;
    }
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::run);
}

TYPED_TEST_P(store_suite, binds_sessions_and_keys_to_the_principal) {
    const std::string session = this->open("alice");
    auto call = this->numbered(session, 1);
    EXPECT_EQ(this->judge(call), farcall::verdict::expired);
    call.principal = "bob";
    EXPECT_EQ(this->judge(call), farcall::verdict::expired);
    call.principal = "alice";
    EXPECT_EQ(this->judge(call), farcall::verdict::run);
    auto key = this->keyed("order-7");
    key.principal = "alice";
    EXPECT_EQ(this->judge(key), farcall::verdict::run);
    key.principal = "bob";
    EXPECT_EQ(this->judge(key), farcall::verdict::run);
    // Where one text ends and the other begins counts.
    auto left = this->keyed("bc"), right = this->keyed("c");
    left.principal = "a";
    right.principal = "ab";
    EXPECT_EQ(this->judge(left), farcall::verdict::run);
    EXPECT_EQ(this->judge(right), farcall::verdict::run);
}

TYPED_TEST_P(store_suite, forgets_a_session_when_its_lease_has_ended_and_not_before) {
    using namespace std::chrono_literals;
    const std::string session = this->open();
    this->now += this->bounds.lease - 1ms;
    this->run(this->numbered(session, 1), "one");
    // Every call renews the lease, a duplicate, too.
    for (int i = 0; i < 3; ++i) {
        this->now += this->bounds.lease - 1ms;
        EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::replay);
    }
    this->now += this->bounds.lease;
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::expired);
    EXPECT_EQ(this->judge(this->numbered(session, 2)), farcall::verdict::expired);
}

TYPED_TEST_P(store_suite, a_session_does_not_expire_while_a_call_of_it_runs) {
    using namespace std::chrono_literals;
    const std::string session = this->open();
    const auto long_one = this->admit(this->numbered(session, 1));
    this->now += 3 * this->bounds.lease;
    EXPECT_TRUE(this->tested->open("", this->now));  // others come meanwhile
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::running);
    this->now += 3 * this->bounds.lease;
    this->tested->finish(long_one.ticket, "at last", this->now);
    this->now += this->bounds.lease - 1ms;
    EXPECT_EQ(this->admit(this->numbered(session, 1)).reply, "at last");
    this->now += this->bounds.lease;
    EXPECT_EQ(this->judge(this->numbered(session, 1)), farcall::verdict::expired);
}

TYPED_TEST_P(store_suite, keeps_a_key_for_its_time_from_the_end_of_the_call_on) {
    using namespace std::chrono_literals;
    const auto running = this->admit(this->keyed("order-7"));
    ASSERT_EQ(running.verdict, farcall::verdict::run);
    this->now += this->bounds.keys + 1h;
    EXPECT_EQ(this->admit(this->keyed("order-7")).ticket, running.ticket);
    this->tested->finish(running.ticket, "shipped", this->now);
    this->now += this->bounds.keys - 1ms;
    EXPECT_EQ(this->admit(this->keyed("order-7")).reply, "shipped");
    EXPECT_EQ(this->judge(this->keyed("order-7", 2)), farcall::verdict::conflict);
    EXPECT_EQ(this->judge(this->keyed("order-8", 2)), farcall::verdict::run);
    this->now += 1ms;
    EXPECT_EQ(this->judge(this->keyed("order-7", 2)), farcall::verdict::run);
}

TYPED_TEST_P(store_suite, refuses_new_calls_when_it_is_full_and_forgets_none) {
    this->make({.bytes = 64u << 10, .window = 4096});
    const std::string session = this->open();
    const std::string reply(1000, 'r');
    std::uint64_t seq = 1;
    farcall::admission taken;
    for (; (taken = this->admit(this->numbered(session, seq))).verdict == farcall::verdict::run; ++seq) {
        ASSERT_LT(seq, 4000u);
        this->tested->finish(taken.ticket, reply, this->now);
    }
    EXPECT_EQ(taken.verdict, farcall::verdict::full);
    EXPECT_FALSE(taken.limit.empty());
    EXPECT_GT(seq, 5u);
    EXPECT_EQ(this->judge(this->keyed("k")), farcall::verdict::full);
    for (std::uint64_t old = 1; old < seq; ++old) EXPECT_EQ(this->admit(this->numbered(session, old)).reply, reply);
    // What was refused has not run, and may run when there is room.
    EXPECT_EQ(this->judge(this->numbered(session, seq, seq)), farcall::verdict::run);
}

TYPED_TEST_P(store_suite, keeps_the_reply_of_a_call_that_it_took_before_it_was_full) {
    this->make({.bytes = 64u << 10});
    const std::string session = this->open();
    const auto first = this->admit(this->numbered(session, 1));
    const auto second = this->admit(this->numbered(session, 2));
    const std::string large(100u << 10, 'l');
    this->tested->finish(first.ticket, large, this->now);
    this->tested->finish(second.ticket, large, this->now);
    EXPECT_EQ(this->judge(this->numbered(session, 3)), farcall::verdict::full);
    EXPECT_EQ(this->admit(this->numbered(session, 1)).reply, large);
    EXPECT_EQ(this->admit(this->numbered(session, 2)).reply, large);
}

TYPED_TEST_P(store_suite, refuses_sessions_beyond_its_number_until_a_lease_ends) {
    this->make({.sessions = 3});
    const std::string names[] = {this->open(), this->open(), this->open()};
    for (const std::string& each : names) this->run(this->numbered(each, 1), "one");
    const auto refused = this->tested->open("", this->now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status(), farcall::status::resource_exhausted);
    EXPECT_EQ(refused.error().executed(), farcall::executed::no);
    for (const std::string& each : names)
        EXPECT_EQ(this->judge(this->numbered(each, 1)), farcall::verdict::replay);
    this->now += this->bounds.lease;
    EXPECT_TRUE(this->tested->open("", this->now));
}

TYPED_TEST_P(store_suite, answers_many_threads_each_as_if_it_were_alone) {
    this->make({.window = 64});
    constexpr int threads = 4;
    constexpr std::uint64_t calls = 2000;
    const std::string shared = this->open();
    std::atomic<int> runs_of_shared{0};
    std::atomic<int> wrong{0};
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t) {
        all.emplace_back([&, t] {
            const auto own = this->tested->open("", this->now);
            for (std::uint64_t seq = 1; seq <= calls; ++seq) {
                const auto taken = this->tested->admit(this->numbered(own->id, seq, seq), this->now);
                if (taken.verdict != farcall::verdict::run) ++wrong;
                this->tested->finish(taken.ticket, std::to_string(seq * 100 + static_cast<std::uint64_t>(t)), this->now);
                if (this->tested->admit(this->numbered(own->id, seq, seq), this->now).reply !=
                    std::to_string(seq * 100 + static_cast<std::uint64_t>(t)))
                    ++wrong;
                // All threads are attempts of the same calls here: one of them runs each.
                const auto once = this->tested->admit(this->numbered(shared, seq, seq > 32 ? seq - 32 : 1), this->now);
                if (once.verdict == farcall::verdict::run) {
                    ++runs_of_shared;
                    this->tested->finish(once.ticket, std::to_string(seq), this->now);
                } else if (once.verdict == farcall::verdict::replay && once.reply != std::to_string(seq)) {
                    ++wrong;
                }
            }
        });
    }
    for (std::thread& each : all) each.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_LE(runs_of_shared, static_cast<int>(calls));
    EXPECT_GT(runs_of_shared, 0);
}

REGISTER_TYPED_TEST_SUITE_P(store_suite, names_each_session_by_32_hexadecimal_digits_that_no_other_has,
                            runs_a_new_call_and_replays_its_reply_ever_after,
                            says_of_a_call_that_runs_under_which_ticket, runs_again_what_did_not_run_after_all,
                            passes_over_a_ticket_that_is_none, refuses_the_same_number_with_other_arguments,
                            never_runs_a_call_below_the_first_one_without_an_end,
                            takes_in_the_ack_of_a_call_that_it_refuses,
                            a_call_that_still_runs_when_its_caller_gives_it_up_stays_forgotten,
                            takes_calls_in_any_order_within_the_window_and_none_beyond,
                            keeps_every_reply_while_the_window_moves_on_and_jumps,
                            knows_nothing_of_one_call_from_another_that_had_its_place,
                            knows_a_session_by_its_whole_name_only, binds_sessions_and_keys_to_the_principal,
                            forgets_a_session_when_its_lease_has_ended_and_not_before,
                            a_session_does_not_expire_while_a_call_of_it_runs,
                            keeps_a_key_for_its_time_from_the_end_of_the_call_on,
                            refuses_new_calls_when_it_is_full_and_forgets_none,
                            keeps_the_reply_of_a_call_that_it_took_before_it_was_full,
                            refuses_sessions_beyond_its_number_until_a_lease_ends,
                            answers_many_threads_each_as_if_it_were_alone);
