#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <farcall/detail/mutant.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// The calls of one connection that have no answer yet, found by id in one step.
///
/// Ids count upwards and are never used again; an id's place is its lowest bits. A place that is still taken by an
/// older call is passed over, so a table with few calls in flight costs one comparison for each.
/// @see DESIGN section 10
class call_table {
public:
    /// Gives `call` the next id. It stays until `take`.
    void add(outgoing_call& call) {
        if (2 * used_ + 1 > mask_) grow();
        if (FARCALL_MUTANT(ids_are_used_again)) last_id_ = 0;
        while (places_[++last_id_ & mask_] != nullptr) {
        }
        call.id = last_id_;
        places_[last_id_ & mask_] = &call;
        ++used_;
    }

    /// Removes and returns the call with this id; null if there is none, for example because it has ended.
    outgoing_call* take(std::uint64_t id) {
        if (places_.empty()) return nullptr;
        outgoing_call*& place = places_[id & mask_];
        if (place == nullptr || place->id != id) return nullptr;
        --used_;
        return std::exchange(place, nullptr);
    }

    /// Removes and returns any call; null if there is none.
    outgoing_call* take_any() {
        if (used_ == 0) return nullptr;
        // On from where the last one was: taking all looks at each place once, not once a call.
        while (places_[search_ & mask_] == nullptr) ++search_;
        --used_;
        return std::exchange(places_[search_ & mask_], nullptr);
    }

    /// Removes and returns any call whose id is larger than `last`; null if there is none. Looks at every place.
    outgoing_call* take_after(std::uint64_t last) {
        for (outgoing_call*& place : places_) {
            if (place == nullptr || place->id <= last) continue;
            --used_;
            return std::exchange(place, nullptr);
        }
        return nullptr;
    }

    std::size_t size() const { return used_; }

private:
    [[gnu::noinline]] void grow() {
        std::vector<outgoing_call*> old = std::exchange(places_, {});
        // Two ids that had different places keep different places in a table of twice the size.
        places_.resize(old.empty() ? 64 : old.size() * 2, nullptr);
        mask_ = places_.size() - 1;
        for (outgoing_call* call : old)
            if (call != nullptr) places_[call->id & mask_] = call;
    }

    std::vector<outgoing_call*> places_;
    std::uint64_t mask_ = 0;  ///< of an id: its place
    std::size_t used_ = 0;
    std::uint64_t last_id_ = 0;
    std::uint64_t search_ = 0;  ///< where `take_any` goes on
};

}  // namespace farcall::detail
