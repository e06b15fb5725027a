#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <farcall/client/channel.hpp>
#include <farcall/client/client_core.hpp>
#include <farcall/client/repetition.hpp>
#include <farcall/client/retry_decisions.hpp>
#include <farcall/retry/retry_policy.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Whether a call ran that was attempted twice.
constexpr executed either(executed one, executed other) noexcept {
    if (one == executed::yes || other == executed::yes) return executed::yes;
    return one == executed::no ? other : one;
}

/// Why there is no further attempt, see `of_attempts`.
inline constexpr std::string_view by_budget = " that the retry budget allows; see client_options::retry_budget";
inline constexpr std::string_view by_limit = " that limits.attempts allows";

/// What a policy is told of the attempt with this number.
FARCALL_DECL failed_attempt failure_of_attempt(unsigned attempt, const error& why);

/// The error of a call of which the last attempt failed with `why`.
/// @param ran   of all attempts: the last may be known not to have run, and an earlier one not
/// @param note  what to say of the last attempt besides that it was the last
FARCALL_DECL error of_attempts(const error& why, executed ran, unsigned attempts, std::string_view note);

/// One call with its attempts, one after another: the part that does not depend on why it is repeated.
///
/// The object is the attempt that is under way, and the holder of the whole call. Owned by what it waits for, be it the
/// channel or a timer: when the executor is destroyed with that, the call is abandoned.
/// @par Thread safety  Unsafe: used on the I/O thread only.
class repeated_call : public outgoing_call,
                      public call_holder,
                      public repetition::pausing,
                      public std::enable_shared_from_this<repeated_call> {
public:
    FARCALL_DECL virtual ~repeated_call();

    /// Takes the call over. Once, after it has been made.
    FARCALL_DECL void begin();

    FARCALL_DECL void complete(const reply& end) noexcept final;
    FARCALL_DECL void abandon() noexcept final;
    FARCALL_DECL void cancel(outgoing_call& whole, const error& why) final;
    FARCALL_DECL void give_up(const error& why) final;

protected:
    /// @param policy  null: patience itself, see `next_attempt`
    FARCALL_DECL repeated_call(std::shared_ptr<client_core> core, std::shared_ptr<const retry_decisions> policy,
                               outgoing_call& whole);

    /// @{ What the derived class says. Each but `ended` calls one of `make_attempt`, `pause_until` and `finish`.
    virtual void first() = 0;
    virtual void failed(const error& why) = 0;
    virtual void resume() = 0;
    /// The caller has been told the end.
    virtual void ended() noexcept {}
    /// @}

    /// Makes an attempt on the channel.
    ///
    /// @param goes_on  that the attempt may be given up before the call is, and is no reason to stop the handler then
    FARCALL_DECL void make_attempt(bool goes_on = false);
    /// Waits; `resume` follows.
    FARCALL_DECL void pause_until(time_point when);
    /// Ends a pause by something else; the call is owned by the result.
    [[nodiscard]] FARCALL_DECL std::shared_ptr<repeated_call> wake_up();
    /// @{ Tells the caller the end.
    /// @param note  what to say of the last attempt besides that it was the last
    FARCALL_DECL void finish(const reply& end);
    FARCALL_DECL void finish(const error& why, std::string_view note = {});
    /// @}

    /// When the next attempt may be made after this failure.
    ///
    /// With a policy: if the policy says so, the client's limit of attempts and its budget allow it, and the call's
    /// deadline is later. Without: as long as there is time for one.
    /// @param note  is set if there is none for a reason that the caller should know
    FARCALL_DECL std::optional<time_point> next_attempt(const error& failed, std::string_view& note);
    /// Pauses before the next attempt after this failure, or ends the call where there is none.
    FARCALL_DECL void pause_or_finish(const error& why);
    /// Makes the next attempt at the end of a pause if the budget has one left. If not, ends the call, or without a
    /// policy pauses on.
    FARCALL_DECL void attempt_again(bool goes_on = false);

    const std::shared_ptr<client_core>& core() const noexcept { return core_; }
    time_point now() const { return core_->time().now(); }
    const outgoing_call& whole() const noexcept { return *whole_; }
    /// Whether an attempt ran, as far as they have ended.
    executed ran() const noexcept { return ran_; }
    /// How the last attempt failed; empty: none has.
    const std::optional<error>& last_failure() const noexcept { return last_; }

private:
    std::shared_ptr<client_core> core_;
    std::shared_ptr<const retry_decisions> policy_;
    outgoing_call* whole_;                 ///< null: it has been told its end
    std::shared_ptr<repeated_call> self_;  ///< while an attempt is under way
    std::unique_ptr<timer> pause_;
    std::optional<error> last_;
    executed ran_ = executed::no;
    unsigned made_ = 0;  ///< attempts; `attempt` counts those that were meant to be made, too
    reply_meta said_;    ///< with the last failure
    bool given_up_ = false;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/repeated_call.ipp>
#endif
