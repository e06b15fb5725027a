#pragma once

#include <farcall/client/once_line.hpp>
#include <farcall/client_options.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/error.hpp>
#include <farcall/retry/budget.hpp>

namespace farcall::detail {

/// What those calls of a client share that are made more than once: the budget, the session of those that run exactly
/// once, and a list of those that wait between two attempts, which no connection knows of.
///
/// @par Thread safety  Unsafe: used on the I/O thread only.
class repetition {
public:
    /// A call between two attempts: derive from it.
    class pausing {
    public:
        pausing(const pausing&) = delete;
        pausing& operator=(const pausing&) = delete;

        /// Ends the call, which has been taken out of the list.
        virtual void give_up(const error& why) = 0;

    protected:
        pausing() = default;
        ~pausing() { unlink(); }

    private:
        friend class repetition;
        FARCALL_DECL void unlink() noexcept;

        pausing* before_ = nullptr;  ///< null: in no list
        pausing* behind_ = nullptr;
    };

    FARCALL_DECL explicit repetition(const retry_budget& rule);
    repetition(const repetition&) = delete;
    repetition& operator=(const repetition&) = delete;
    /// Without pausing calls: they own what owns this.
    ~repetition() = default;

    detail::budget& budget() noexcept { return budget_; }
    once_line& once() noexcept { return once_; }

    /// @{ A pause begins and ends.
    FARCALL_DECL void add(pausing& call);
    static void remove(pausing& call) noexcept { call.unlink(); }
    /// @}

    /// Gives up all calls that pause now.
    FARCALL_DECL void close(const error& why);

private:
    struct list_end final : pausing {
        void give_up(const error&) override {}
    };

    detail::budget budget_;
    once_line once_;
    list_end list_;  ///< before the first and behind the last
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/repetition.ipp>
#endif
