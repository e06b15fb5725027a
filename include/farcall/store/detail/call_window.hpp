#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <farcall/detail/mutant.hpp>
#include <farcall/store/store.hpp>

namespace farcall::detail {

/// What is remembered of one call. Empty as long as the call has not been heard of.
struct call_record {
    call_fingerprint fingerprint{};
    std::uint64_t ticket = 0;  ///< of its run; 0: it does not run
    bool ended = false;        ///< it has run, and `reply` is its end
    std::string reply{};

    bool empty() const noexcept { return ticket == 0 && !ended; }

    /// Empties it. What is assigned to a string leaves its memory where it is, which then would belong to the next call.
    void clear() noexcept {
        std::string{}.swap(reply);
        *this = call_record{};
    }
};

/// The records of one session's calls, from the first without an end on: a ring that grows up to the window.
class call_window {
public:
    /// The first call that has no end, as far as the caller has said. Below it nothing is known any more.
    std::uint64_t first() const noexcept { return first_; }

    /// Takes in that all calls below `ack` have ended, and forgets them.
    /// @param gone  is given each record that goes
    template <class Gone>
    void advance(std::uint64_t ack, Gone&& gone) {
        for (; first_ < std::min(ack, end_); ++first_) {
            call_record& left = at(first_);
            gone(left);
            left.clear();
        }
        first_ = std::max(first_, ack);
        if (FARCALL_MUTANT(collect_too_early) && first_ < end_) at(first_).clear();
    }

    /// The record of a call, null if there is none. `seq` is not below `first`.
    call_record* find(std::uint64_t seq) noexcept {
        if (seq < first_ || seq >= end_ || at(seq).empty()) return nullptr;
        return &at(seq);
    }

    /// An empty record for a call that has none; `seq` is not below `first`, and less than the window above it.
    call_record& add(std::uint64_t seq) {
        const std::uint64_t span = seq - first_ + 1;
        if (span > ring_.size()) grow(span);
        end_ = std::max(end_, seq + 1);
        return at(seq);
    }

    /// Bytes of the ring.
    std::size_t bytes() const noexcept { return ring_.capacity() * sizeof(call_record); }

    /// Gives each record there is to `look`.
    template <class Look>
    void for_each(Look&& look) const {
        for (const call_record& each : ring_)
            if (!each.empty()) look(each);
    }

private:
    call_record& at(std::uint64_t seq) noexcept { return ring_[seq & (ring_.size() - 1)]; }

    void grow(std::uint64_t span) {
        std::vector<call_record> old = std::exchange(ring_, {});
        std::size_t size = old.empty() ? 2 : old.size();
        while (size < span) size *= 2;
        ring_.resize(size);
        for (std::uint64_t seq = first_; seq < end_; ++seq) at(seq) = std::move(old[seq & (old.size() - 1)]);
    }

    std::vector<call_record> ring_;  ///< a power of two; a call's place is the lowest bits of its number
    std::uint64_t first_ = 1;
    std::uint64_t end_ = 1;          ///< behind the last call that was heard of
};

}  // namespace farcall::detail
