#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <set>
#include <vector>

#include <farcall/session/deadline_queue.hpp>

namespace {

using farcall::never;
using farcall::time_point;
using farcall::detail::deadline_entry;
using farcall::detail::deadline_queue;
using namespace std::chrono_literals;

constexpr time_point start{1000h};

deadline_entry at(std::chrono::milliseconds when) {
    deadline_entry made;
    made.deadline = start + when;
    return made;
}

TEST(deadline_queue, has_no_deadline_when_it_is_empty) {
    deadline_queue queue;
    EXPECT_EQ(queue.next(), never);
    EXPECT_EQ(queue.take_expired(never), nullptr);
}

TEST(deadline_queue, does_not_keep_what_has_no_deadline) {
    deadline_queue queue;
    deadline_entry none;
    queue.add(none);
    EXPECT_EQ(queue.size(), 0u);
    queue.remove(none);
}

TEST(deadline_queue, gives_what_has_expired_in_order_and_no_more) {
    deadline_queue queue;
    deadline_entry a = at(30ms), b = at(10ms), c = at(20ms);
    for (deadline_entry* each : {&a, &b, &c}) queue.add(*each);
    EXPECT_EQ(queue.next(), start + 10ms);
    EXPECT_EQ(queue.take_expired(start + 9ms), nullptr);
    EXPECT_EQ(queue.take_expired(start + 20ms), &b);
    EXPECT_EQ(queue.take_expired(start + 20ms), &c) << "at its deadline it has expired";
    EXPECT_EQ(queue.take_expired(start + 29ms), nullptr);
    EXPECT_EQ(queue.next(), start + 30ms);
}

TEST(deadline_queue, removes_only_what_is_in_it) {
    deadline_queue queue;
    deadline_entry a = at(1ms), b = at(2ms);
    queue.remove(a);
    queue.add(a);
    queue.add(b);
    queue.remove(a);
    queue.remove(a);
    EXPECT_EQ(queue.size(), 1u);
    EXPECT_EQ(queue.next(), b.deadline);
    queue.add(a);
    EXPECT_EQ(queue.next(), a.deadline) << "and takes it again";
}

TEST(deadline_queue, behaves_as_a_sorted_set_does) {
    std::mt19937 random{17};
    deadline_queue queue;
    std::deque<deadline_entry> all(2000);
    std::multiset<time_point> sorted;
    std::vector<deadline_entry*> inside;
    std::size_t added = 0;
    while (added < all.size() || !inside.empty()) {
        const unsigned what = random() % 4;
        if (added < all.size() && what < 2) {
            deadline_entry& entry = all[added++];
            entry.deadline = start + std::chrono::milliseconds{random() % 500};
            queue.add(entry);
            sorted.insert(entry.deadline);
            inside.push_back(&entry);
        } else if (!inside.empty() && what == 2) {
            const std::size_t which = random() % inside.size();
            queue.remove(*inside[which]);
            sorted.erase(sorted.find(inside[which]->deadline));
            inside.erase(inside.begin() + static_cast<std::ptrdiff_t>(which));
        } else if (!inside.empty()) {
            deadline_entry* const taken = queue.take_expired(*sorted.begin());
            ASSERT_NE(taken, nullptr);
            EXPECT_EQ(taken->deadline, *sorted.begin());
            sorted.erase(sorted.begin());
            std::erase(inside, taken);
        }
        ASSERT_EQ(queue.size(), sorted.size());
        ASSERT_EQ(queue.next(), sorted.empty() ? never : *sorted.begin());
    }
}

TEST(deadline_queue, keeps_the_order_of_calls_with_a_few_timeouts_that_end_in_any_order) {
    std::mt19937 random{23};
    deadline_queue queue;
    std::deque<deadline_entry> all(5000);
    std::multiset<time_point> sorted;
    std::vector<deadline_entry*> inside;
    const std::chrono::milliseconds timeouts[] = {10ms, 100ms, 1000ms, 50ms, 10'000ms, 3ms};
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].deadline = start + std::chrono::microseconds{i} + timeouts[random() % std::size(timeouts)];
        queue.add(all[i]);
        sorted.insert(all[i].deadline);
        inside.push_back(&all[i]);
        while (inside.size() > 64) {
            const std::size_t which = random() % inside.size();
            queue.remove(*inside[which]);
            sorted.erase(sorted.find(inside[which]->deadline));
            inside.erase(inside.begin() + static_cast<std::ptrdiff_t>(which));
        }
        ASSERT_EQ(queue.size(), inside.size());
        ASSERT_EQ(queue.next(), *sorted.begin());
    }
    for (const time_point each : sorted) {
        deadline_entry* const taken = queue.take_expired(never);
        ASSERT_NE(taken, nullptr);
        EXPECT_EQ(taken->deadline, each);
    }
    EXPECT_EQ(queue.take_expired(never), nullptr);
    EXPECT_EQ(queue.size(), 0u);
}

}  // namespace
