#include <gtest/gtest.h>

#include <malloc.h>

#include <farcall/store/memory_store.hpp>

#include "store_suite.hpp"

using farcall::memory_store;
using farcall::memory_store_options;
using farcall::verdict;

namespace {

struct memory_stores {
    static std::unique_ptr<farcall::store> make(const store_bounds& bounds) {
        memory_store_options options;
        options.bytes = bounds.bytes;
        options.sessions = bounds.sessions;
        options.window = bounds.window;
        options.lease = bounds.lease;
        options.keys = bounds.keys;
        return std::make_unique<memory_store>(options);
    }
};

constexpr farcall::time_point begin{std::chrono::hours{1000}};

farcall::call_identity call_of(std::string_view session, std::uint64_t seq, std::uint64_t ack) {
    farcall::call_identity made;
    made.session = session;
    made.seq = seq;
    made.ack = ack;
    return made;
}

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(memory, store_suite, memory_stores);

TEST(memory_store, draws_the_names_of_sessions_from_the_randomness_that_it_is_given) {
    memory_store_options options;
    options.random = std::make_shared<farcall::seeded_random>(5);
    memory_store first{options};
    options.random = std::make_shared<farcall::seeded_random>(5);
    memory_store second{options};
    EXPECT_EQ(first.open("", begin)->id, second.open("", begin)->id);
    memory_store of_the_system, another;
    EXPECT_NE(of_the_system.open("", begin)->id, another.open("", begin)->id);
}

TEST(memory_store, holds_64_mebibytes_100000_sessions_of_512_calls_for_10_minutes_and_keys_for_two_days) {
    memory_store store;
    const auto session = store.open("", begin);
    EXPECT_EQ(session->window, 512u);
    EXPECT_EQ(session->lease, std::chrono::minutes{10});
    const memory_store_options defaults;
    EXPECT_EQ(defaults.bytes, 64u << 20);
    EXPECT_EQ(defaults.sessions, 100'000u);
    EXPECT_EQ(defaults.keys, std::chrono::hours{48});
    for (int i = 1; i < 100'000; ++i) ASSERT_TRUE(store.open("", begin));
    EXPECT_EQ(store.used().sessions, 100'000u);
}

TEST(memory_store, a_window_of_zero_or_without_bounds_is_moved_into_them) {
    memory_store_options options;
    options.window = 0;
    EXPECT_EQ(memory_store{options}.open("", begin)->window, 1u);
    options.window = ~std::uint64_t{0};
    EXPECT_EQ(memory_store{options}.open("", begin)->window, 65'536u);
}

TEST(memory_store, whoever_only_opens_sessions_keeps_nobody_from_it) {
    memory_store_options options;
    options.sessions = 10;
    memory_store store{options};
    const std::string mine = store.open("", begin)->id;
    const auto taken = store.admit(call_of(mine, 1, 1), begin);
    store.finish(taken.ticket, "mine", begin);
    std::string last;
    for (int i = 0; i < 1000; ++i) {
        const auto opened = store.open("", begin);
        ASSERT_TRUE(opened);
        last = opened->id;
    }
    EXPECT_EQ(store.used().sessions, 10u);
    EXPECT_EQ(store.admit(call_of(mine, 1, 1), begin).reply, "mine");
    EXPECT_EQ(store.admit(call_of(last, 1, 1), begin).verdict, verdict::run);
}

TEST(memory_store, gives_everything_back_when_leases_and_times_of_keys_have_ended) {
    memory_store store;
    const std::size_t empty = store.used().bytes;
    farcall::time_point now = begin;
    for (int i = 0; i < 500; ++i) {
        const std::string session = store.open("somebody with a name of more than a few bytes", now)->id;
        for (std::uint64_t seq = 1; seq < 40; ++seq) {
            const auto taken = store.admit(call_of(session, seq, 1 + seq / 2), now);
            if (seq % 5 == 0)
                store.forget(taken.ticket, now);
            else
                store.finish(taken.ticket, std::string(static_cast<std::size_t>(i), 'x'), now);
        }
        const std::string name = "key " + std::to_string(i);
        farcall::call_identity key;
        key.idempotency_key = name;
        store.finish(store.admit(key, now).ticket, std::string(static_cast<std::size_t>(i), 'y'), now);
    }
    EXPECT_EQ(store.used().sessions, 500u);
    EXPECT_EQ(store.used().keys, 500u);
    EXPECT_EQ(store.used().running, 0u);
    EXPECT_GT(store.used().bytes, empty + 500 * 500);
    now += std::chrono::hours{48};
    for (int i = 0; i < 500; ++i) store.admit(call_of("none", 1, 1), now);
    EXPECT_EQ(store.used().sessions, 0u);
    EXPECT_EQ(store.used().keys, 0u);
    EXPECT_EQ(store.used().bytes, empty);
}

TEST(memory_store, a_session_in_use_keeps_none_that_is_out_of_date) {
    using namespace std::chrono_literals;
    memory_store store;
    farcall::time_point now = begin;
    const std::string used = store.open("", now)->id, left = store.open("", now)->id;
    store.finish(store.admit(call_of(used, 1, 1), now).ticket, "used", now);
    store.finish(store.admit(call_of(left, 1, 1), now).ticket, "left", now);
    for (int i = 0; i < 3; ++i) {
        now += 4min;
        EXPECT_EQ(store.admit(call_of(used, 1, 1), now).reply, "used");
    }
    EXPECT_EQ(store.used().sessions, 1u);
}

TEST(memory_store, counts_the_memory_that_it_takes) {
    const auto in_use = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };
    if (in_use() == 0) GTEST_SKIP() << "the allocator does not tell";
    const std::size_t before = in_use();
    memory_store store;
    for (int i = 0; i < 2000; ++i) {
        const std::string session = store.open("", begin)->id;
        for (std::uint64_t seq = 1; seq <= 16; ++seq)
            store.finish(store.admit(call_of(session, seq, 1), begin).ticket, std::string(100, 'x'), begin);
        const std::string name = "key " + std::to_string(i);
        farcall::call_identity key;
        key.idempotency_key = name;
        store.finish(store.admit(key, begin).ticket, std::string(100, 'y'), begin);
    }
    const double taken = static_cast<double>(in_use() - before);
    EXPECT_NEAR(static_cast<double>(store.used().bytes) / taken, 1.0, 0.1);
}

TEST(memory_store, counts_no_reply_twice_whatever_becomes_of_the_calls_that_take_its_place) {
    memory_store store;
    farcall::time_point now = begin;
    const std::size_t empty = store.used().bytes;
    const std::string reply(1'000, 'r');
    const std::string session = store.open("", now)->id;
    // Where a long reply was comes a call that is given up while it runs, one that did not run after all, or none.
    for (std::uint64_t seq = 1; seq < 200; ++seq) {
        if (seq % 4 == 3) continue;
        const auto admitted = store.admit(call_of(session, seq, seq), now);
        ASSERT_EQ(admitted.verdict, verdict::run) << seq << ' ' << admitted.limit;
        if (seq / 4 % 2 == 0)
            store.finish(admitted.ticket, reply, now);
        else if (seq % 4 == 1)
            store.forget(admitted.ticket, now);
        else if (seq % 4 == 2)
            now += std::chrono::milliseconds{1};
        else
            store.finish(admitted.ticket, {}, now);
        ASSERT_LT(store.used().bytes, empty + 10'000) << seq;
        ASSERT_GE(store.used().bytes, empty) << seq;
    }
}

TEST(memory_store, stays_as_large_as_it_is_over_a_million_calls) {
    memory_store store;
    const std::string session = store.open("", begin)->id;
    std::uint64_t seq = 0;
    const auto calls = [&](int count) {
        for (int i = 0; i < count; ++i) {
            ++seq;
            const auto taken = store.admit(call_of(session, seq, seq > 64 ? seq - 64 : 1), begin);
            ASSERT_EQ(taken.verdict, verdict::run);
            store.finish(taken.ticket, "\"result\":\"an answer that is not all that short\"}", begin);
        }
    };
    calls(1000);
    const std::size_t after_1000 = store.used().bytes;
    calls(999'000);
    EXPECT_EQ(store.used().bytes, after_1000);
    EXPECT_EQ(store.used().running, 0u);
}
