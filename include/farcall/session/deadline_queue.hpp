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
    deadline_entry* before_ = nullptr;
    deadline_entry* after_ = nullptr;
    std::size_t place_ = outside;  ///< in the heap, in a lane, or outside
};

/// Deadlines of calls under way, the next one first.
///
/// Calls come in the order of time, and most have one of a few timeouts: those with the same one have their deadlines
/// in the order in which they came. So there are a few lanes, lists in the order of their deadlines: who is not before
/// the last one of a lane stands behind it, which makes adding and removing a few steps each. Who fits in no lane goes
/// to a binary heap whose elements know their places.
///
/// Holds pointers, owns nothing. Elements without a deadline (`never`) are not kept.
class deadline_queue {
public:
    deadline_queue() = default;
    deadline_queue(const deadline_queue&) = delete;
    deadline_queue& operator=(const deadline_queue&) = delete;

    void add(deadline_entry& entry) {
        if (entry.deadline == never) return;
        ++size_;
        for (std::size_t i = 0; i < lanes; ++i) {
            lane& each = lanes_[i];
            if (each.last != nullptr && entry.deadline < each.last->deadline) continue;
            entry.place_ = first_lane + i;
            entry.before_ = each.last;
            entry.after_ = nullptr;
            (each.last != nullptr ? each.last->after_ : each.first) = &entry;
            each.last = &entry;
            return;
        }
        add_to_heap(entry);
    }

    void remove(deadline_entry& entry) {
        const std::size_t place = entry.place_;
        if (place == deadline_entry::outside) return;
        entry.place_ = deadline_entry::outside;
        --size_;
        if (place < first_lane) return close_hole(place, entry);
        lane& each = lanes_[place - first_lane];
        (entry.before_ != nullptr ? entry.before_->after_ : each.first) = entry.after_;
        (entry.after_ != nullptr ? entry.after_->before_ : each.last) = entry.before_;
    }

    /// The next deadline, `never` if there is none.
    time_point next() const {
        const deadline_entry* const found = first();
        return found == nullptr ? never : found->deadline;
    }

    /// Takes out one entry whose deadline is not after `now`; null if there is none.
    deadline_entry* take_expired(time_point now) {
        deadline_entry* const found = first();
        if (found == nullptr || found->deadline > now) return nullptr;
        remove(*found);
        return found;
    }

    std::size_t size() const { return size_; }

private:
    static constexpr std::size_t lanes = 4;
    static constexpr std::size_t first_lane = deadline_entry::outside - lanes;

    struct lane {
        deadline_entry* first = nullptr;
        deadline_entry* last = nullptr;
    };

    [[gnu::noinline]] void add_to_heap(deadline_entry& entry) {
        heap_.push_back(&entry);
        rise(heap_.size() - 1);
    }

    deadline_entry* first() const {
        deadline_entry* found = heap_.empty() ? nullptr : heap_.front();
        for (const lane& each : lanes_)
            if (each.first != nullptr && (found == nullptr || each.first->deadline < found->deadline)) found = each.first;
        return found;
    }

    /// Fills the place of an element that has left the heap with the last one.
    void close_hole(std::size_t hole, const deadline_entry& left) {
        deadline_entry* const last = heap_.back();
        heap_.pop_back();
        if (last == &left) return;
        put(hole, last);
        if (hole != 0 && last->deadline < heap_[(hole - 1) / 2]->deadline)
            rise(hole);
        else
            sink(hole);
    }

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

    lane lanes_[lanes];
    std::vector<deadline_entry*> heap_;
    std::size_t size_ = 0;
};

}  // namespace farcall::detail
