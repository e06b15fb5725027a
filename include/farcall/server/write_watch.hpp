#pragma once

#include <cstdint>

#include <farcall/clock.hpp>
#include <farcall/detail/chrono.hpp>
#include <farcall/transport/duplex.hpp>

namespace farcall::detail {

/// Finds peers that do not take what is written to them.
class write_watch {
public:
    /// To be asked now and then.
    /// @returns whether nothing of what is written was taken for so long; zero: any time is allowed
    bool stalled(time_point now, const duplex& wire, std::chrono::milliseconds limit) noexcept {
        if (!wire.write_pending() || wire.written() != seen_) {
            seen_ = wire.written();
            since_ = wire.write_pending() ? now : never;
        } else if (since_ == never) {
            since_ = now;
        }
        return limit.count() != 0 && since_ != never && now - since_ >= limit;
    }

private:
    time_point since_ = never;
    std::uint64_t seen_ = 0;  ///< bytes that were taken then
};

}  // namespace farcall::detail
