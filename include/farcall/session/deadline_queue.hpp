#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <farcall/clock.hpp>

namespace farcall::detail {

/// An element of a `deadline_queue`: derive from it.
struct deadline_entry {
    time_point deadline = never;

private:
    friend class deadline_queue;
    static constexpr std::size_t outside = std::numeric_limits<std::size_t>::max();
    std::size_t place_ = outside;
};

/// Deadlines of calls under way, the next one first: a binary heap whose elements know their places.
///
/// With equal timeouts, the usual case, adding costs O(1); removing costs O(log n). Holds pointers, owns nothing.
/// Elements without a deadline (`never`) are not kept.
class deadline_queue {
public:
    void add(deadline_entry& entry) {
        if (entry.deadline == never) return;
        heap_.push_back(&entry);
        rise(heap_.size() - 1);
    }

    void remove(deadline_entry& entry) {
        const std::size_t hole = entry.place_;
        if (hole == deadline_entry::outside) return;
        entry.place_ = deadline_entry::outside;
        deadline_entry* last = heap_.back();
        heap_.pop_back();
        if (last == &entry) return;
        put(hole, last);
        if (hole != 0 && last->deadline < heap_[(hole - 1) / 2]->deadline)
            rise(hole);
        else
            sink(hole);
    }

    /// The next deadline, `never` if there is none.
    time_point next() const { return heap_.empty() ? never : heap_.front()->deadline; }

    /// Takes out one entry whose deadline is not after `now`; null if there is none.
    deadline_entry* take_expired(time_point now) {
        if (heap_.empty() || heap_.front()->deadline > now) return nullptr;
        deadline_entry* first = heap_.front();
        remove(*first);
        return first;
    }

    std::size_t size() const { return heap_.size(); }

private:
    void put(std::size_t place, deadline_entry* entry) {
        heap_[place] = entry;
        entry->place_ = place;
    }

    void rise(std::size_t place) {
        deadline_entry* entry = heap_[place];
        while (place != 0) {
            const std::size_t parent = (place - 1) / 2;
            if (!(entry->deadline < heap_[parent]->deadline)) break;
            put(place, heap_[parent]);
            place = parent;
        }
        put(place, entry);
    }

    void sink(std::size_t place) {
        deadline_entry* entry = heap_[place];
        for (;;) {
            std::size_t child = 2 * place + 1;
            if (child >= heap_.size()) break;
            if (child + 1 < heap_.size() && heap_[child + 1]->deadline < heap_[child]->deadline) ++child;
            if (!(heap_[child]->deadline < entry->deadline)) break;
            put(place, heap_[child]);
            place = child;
        }
        put(place, entry);
    }

    std::vector<deadline_entry*> heap_;
};

}  // namespace farcall::detail
