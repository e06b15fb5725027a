#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>

#include <farcall/detail/config.hpp>
#include <farcall/store/store.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

class recorded_run;

/// The exactly-once calls that run now, found by their tickets, and the store that remembers all that ever ran.
///
/// @par Thread safety  Safe.
class recorder {
public:
    /// @param kept  where calls are recorded; null: in memory
    FARCALL_DECL recorder(std::shared_ptr<store> kept, std::shared_ptr<time_source> time);

    store& kept() noexcept { return *kept_; }

    /// What is to be done with an attempt.
    struct admitted {
        admission found{};
        /// The run that begins, whose end the caller must bring about; or the one to join; null where another server,
        /// with the same store, runs it.
        std::shared_ptr<recorded_run> run{};
    };
    /// Asks the store. Throws what that throws.
    FARCALL_DECL admitted admit(const call_identity& call, time_point now);

private:
    friend class recorded_run;

    recorded_run*& place_of(std::uint64_t ticket) noexcept { return runs_[ticket % std::size(runs_)]; }
    FARCALL_DECL void remove(recorded_run& ended) noexcept;

    std::shared_ptr<store> kept_;
    std::shared_ptr<time_source> time_;
    std::mutex mutex_;  ///< of `runs_`, and of what the runs say it is
    recorded_run* runs_[1024] = {};  ///< by their tickets' last bits; those with the same are linked
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/recorder.ipp>
#endif
