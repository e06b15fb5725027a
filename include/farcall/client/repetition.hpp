#pragma once

#include <farcall/client/once_line.hpp>
#include <farcall/client_options.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/linked_list.hpp>
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
    class pausing : public list_link {
    public:
        /// Ends the call, which has been taken out of the list.
        virtual void give_up(const error& why) = 0;

    protected:
        ~pausing() = default;
    };

    explicit repetition(const retry_budget& rule) : budget_(rule) {}
    repetition(const repetition&) = delete;
    repetition& operator=(const repetition&) = delete;
    /// Without pausing calls: they own what owns this.
    ~repetition() = default;

    detail::budget& budget() noexcept { return budget_; }
    once_line& once() noexcept { return once_; }

    /// @{ A pause begins and ends.
    void add(pausing& call) noexcept { pausing_.push_back(call); }
    static void remove(pausing& call) noexcept { call.unlink(); }
    /// @}

    /// Gives up all calls that pause now.
    FARCALL_DECL void close(const error& why);

private:
    detail::budget budget_;
    once_line once_;
    linked_list<pausing> pausing_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/repetition.ipp>
#endif
