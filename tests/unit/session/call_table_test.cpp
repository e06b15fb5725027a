#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <unordered_map>

#include <farcall/session/call_table.hpp>

namespace {

using farcall::detail::call_table;

struct silent_call final : farcall::detail::outgoing_call {
    void complete(const farcall::detail::reply&) noexcept override {}
    void abandon() noexcept override {}
};

TEST(call_table, counts_ids_from_one) {
    call_table table;
    silent_call calls[3];
    for (silent_call& call : calls) table.add(call);
    EXPECT_EQ(calls[0].id, 1u);
    EXPECT_EQ(calls[2].id, 3u);
    EXPECT_EQ(table.size(), 3u);
}

TEST(call_table, gives_a_call_once) {
    call_table table;
    silent_call call;
    EXPECT_EQ(table.take(1), nullptr) << "of an empty table, too";
    table.add(call);
    EXPECT_EQ(table.take(0), nullptr);
    EXPECT_EQ(table.take(2), nullptr);
    EXPECT_EQ(table.take(1 + (std::uint64_t{1} << 63)), nullptr) << "the same place, another id";
    EXPECT_EQ(table.take(1 + 64), nullptr);
    EXPECT_EQ(table.take(1), &call);
    EXPECT_EQ(table.take(1), nullptr);
    EXPECT_EQ(table.size(), 0u);
}

TEST(call_table, never_gives_an_id_again) {
    call_table table;
    silent_call old, next;
    table.add(old);
    table.take(old.id);
    table.add(next);
    EXPECT_EQ(next.id, 2u);
    EXPECT_EQ(table.take(1), nullptr);
}

TEST(call_table, passes_over_the_places_of_calls_that_wait_long) {
    call_table table;
    silent_call patient;
    table.add(patient);
    std::uint64_t last = patient.id;
    for (int i = 0; i < 1000; ++i) {
        silent_call quick;
        table.add(quick);
        EXPECT_GT(quick.id, last);
        last = quick.id;
        EXPECT_EQ(table.take(quick.id), &quick);
    }
    EXPECT_EQ(table.take(patient.id), &patient);
}

TEST(call_table, gives_any_until_it_is_empty) {
    call_table table;
    EXPECT_EQ(table.take_any(), nullptr);
    std::deque<silent_call> calls(100);
    for (silent_call& call : calls) table.add(call);
    std::size_t count = 0;
    while (table.take_any() != nullptr) ++count;
    EXPECT_EQ(count, 100u);
    EXPECT_EQ(table.size(), 0u);
}

TEST(call_table, behaves_as_a_map_does) {
    std::mt19937 random{3};
    call_table table;
    std::unordered_map<std::uint64_t, silent_call*> map;
    std::deque<silent_call> calls(5000);
    std::vector<std::uint64_t> ids;
    std::size_t added = 0;
    while (added < calls.size() || !ids.empty()) {
        if (added < calls.size() && (ids.empty() || random() % 3 != 0)) {
            silent_call& call = calls[added++];
            table.add(call);
            EXPECT_TRUE(map.emplace(call.id, &call).second);
            ids.push_back(call.id);
        } else {
            const std::size_t at = random() % ids.size();
            EXPECT_EQ(table.take(ids[at]), map.at(ids[at]));
            EXPECT_EQ(table.take(ids[at]), nullptr);
            map.erase(ids[at]);
            ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at));
        }
        ASSERT_EQ(table.size(), map.size());
    }
}

}  // namespace
