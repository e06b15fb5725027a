#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/random.hpp>
#include <farcall/store/store.hpp>

namespace farcall {

/// How much a `memory_store` remembers, and for how long.
struct memory_store_options {
    /// Bytes from which on new calls and sessions are refused. The replies of calls that were taken are kept in any
    /// case, so that it may hold more by what those need.
    std::size_t bytes = 64u << 20;
    /// Sessions. One in which no call was ever made gives way to a new one.
    std::size_t sessions = 100'000;
    /// Numbers of a session's calls may be less than so many above the first call without an end. 1 to 65 536.
    std::uint64_t window = 512;
    /// A session is forgotten after so long without a call, while none of its calls runs.
    std::chrono::milliseconds lease{600'000};
    /// The reply to a call with an idempotency key is kept for so long after its end; a call with that key that comes
    /// later is a new one, and runs.
    std::chrono::milliseconds keys = std::chrono::hours{48};
    /// Where session names come from; drawn from under a lock. Null: the system, which nobody can guess.
    std::shared_ptr<random_source> random{};
};

/// Remembers exactly-once calls in this process alone.
///
/// What it promises holds as long as the process lives: after a crash or a restart its sessions are unknown, so that
/// calls which were under way end with `executed: unknown`; none of them runs again by itself. A call with an
/// idempotency key that is repeated after a restart does run again.
/// @par Thread safety  Safe.
class memory_store final : public store {
public:
    /// What it holds now.
    struct usage {
        std::size_t sessions = 0;  ///< that are open
        std::size_t keys = 0;      ///< idempotency keys
        std::size_t running = 0;   ///< calls without an end
        std::size_t bytes = 0;     ///< memory, but for a few per cent
    };

    /// Empty, with these bounds.
    FARCALL_DECL explicit memory_store(memory_store_options options = {});
    memory_store(const memory_store&) = delete;
    memory_store& operator=(const memory_store&) = delete;
    FARCALL_DECL ~memory_store() override;

    FARCALL_DECL result<opened_session> open(std::string_view principal, time_point now) override;
    FARCALL_DECL admission admit(const call_identity& call, time_point now) override;
    FARCALL_DECL void finish(std::uint64_t ticket, std::string_view reply, time_point now) override;
    FARCALL_DECL void forget(std::uint64_t ticket, time_point now) override;

    /// What it holds now.
    FARCALL_DECL usage used() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/store/impl/memory_store.ipp>
#endif
