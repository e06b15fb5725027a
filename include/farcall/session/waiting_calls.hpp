#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>

#include <farcall/clock.hpp>
#include <farcall/session/deadline_queue.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// The calls for which there is no connection yet, in their order. Holds pointers, owns nothing.
///
/// A call's `id` says where it waits, until it leaves.
class waiting_calls {
public:
    void add(outgoing_call& call) {
        call.id = ++last_;
        line_.emplace(call.id, &call);
        deadlines_.add(call);
        bytes_ += bytes_of(call);
    }

    /// @returns false if it does not wait here
    bool remove(outgoing_call& call) {
        const auto place = line_.find(call.id);
        if (place == line_.end() || place->second != &call) return false;
        take(place);
        return true;
    }

    /// Removes and returns the first call, if it is not behind `last`; null if there is none.
    outgoing_call* take_first(std::uint64_t last = std::numeric_limits<std::uint64_t>::max()) {
        return line_.empty() || line_.begin()->first > last ? nullptr : take(line_.begin());
    }

    /// Removes and returns the first call that does not wait for a server that is down, and is not behind `last`; null
    /// if there is none.
    /// @param from  where to begin, at first 0; to be handed in again
    outgoing_call* take_impatient(std::uint64_t& from, std::uint64_t last) {
        for (auto place = line_.upper_bound(from); place != line_.end() && place->first <= last; ++place) {
            from = place->first;
            if (!place->second->wait_for_ready) return take(place);
        }
        return nullptr;
    }

    /// Removes and returns one call whose deadline is not after `now`; null if there is none.
    outgoing_call* take_expired(time_point now) {
        deadline_entry* const entry = deadlines_.take_expired(now);
        if (entry == nullptr) return nullptr;
        auto& call = static_cast<outgoing_call&>(*entry);
        remove(call);
        return &call;
    }

    /// Whether a call waits for a server that is down.
    bool patient() const {
        for (const auto& [place, call] : line_)
            if (call->wait_for_ready) return true;
        return false;
    }

    time_point next_deadline() const { return deadlines_.next(); }
    bool empty() const noexcept { return line_.empty(); }
    std::size_t size() const noexcept { return line_.size(); }
    /// What the calls will take on the wire, nearly.
    std::size_t bytes() const noexcept { return bytes_; }
    /// Where the last call waits, or waited.
    std::uint64_t last() const noexcept { return last_; }

private:
    using line = std::map<std::uint64_t, outgoing_call*>;

    outgoing_call* take(line::iterator place) {
        outgoing_call* const call = place->second;
        line_.erase(place);
        deadlines_.remove(*call);
        bytes_ -= bytes_of(*call);
        return call;
    }

    static std::size_t bytes_of(const outgoing_call& call) {
        constexpr std::size_t around = 128;  // of the message, and of memory here
        const std::size_t lent = call.lent != nullptr ? call.lent->text.size() : 0;
        return around + call.method.size() + call.params.size() + lent;
    }

    line line_;
    deadline_queue deadlines_;
    std::size_t bytes_ = 0;
    std::uint64_t last_ = 0;
};

}  // namespace farcall::detail
