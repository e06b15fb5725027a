#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/error.hpp>

namespace farcall::detail {

class recorded_run;
class recorder;
enum class stop_reason : std::uint8_t;

/// One attempt of an exactly-once call, as the run knows it: the one whose handler runs, or one that waits for the reply.
/// What the run calls is called on any thread, and does its work elsewhere.
class recorded_attempt {
public:
    /// The run has ended, and its reply is there. Called once; the attempt may go afterwards.
    virtual void run_ended(std::shared_ptr<recorded_run> run) = 0;
    /// No caller wants the reply any more: stops the handler. Under the recorder's mutex.
    virtual void stop_later(stop_reason why) = 0;

protected:
    ~recorded_attempt() = default;

private:
    friend class recorded_run;
    bool gave_up_ = false;  ///< under the recorder's mutex
};

/// One run of an exactly-once call, from its admission to its end, and those who wait for its reply.
///
/// The reply is recorded before it is sent: to the caller that began the run, if its connection is still there, and to
/// every other attempt that has joined meanwhile, wherever its connection lives.
/// @par Thread safety  The reply is written by one thread; everything else is safe. Does not outlive its recorder, but
///                     for its destruction.
class recorded_run : public std::enable_shared_from_this<recorded_run> {
public:
    /// @param numbered  it is one of a session, which is one caller
    recorded_run(recorder& all, std::uint64_t ticket, bool numbered) noexcept
        : all_(all), ticket_(ticket), numbered_(numbered) {}

    /// Room to write the reply, for whoever has none of its own.
    text_buffer& text() noexcept { return text_; }
    /// Records the reply, and tells all who have joined.
    ///
    /// @param reply  the text of a response from its member `result` or `error` on; may lie in `text`
    /// @param ran    whether the method ran; if not, nothing is recorded, and the call may run later
    /// @returns why the store could not keep it, which is the reply then
    FARCALL_DECL std::optional<error> end(std::string_view reply, bool ran);
    /// The same with an error for a reply; its `executed` says whether the method ran. Of a run that has ended: does
    /// nothing.
    FARCALL_DECL std::optional<error> end(const error& why);
    /// Whoever ends the run knows whether it has.
    bool ended() const noexcept { return ended_; }
    /// The reply, for those who have joined.
    std::string_view reply() const noexcept { return reply_; }

    /// The attempt that the handler answers, if it answers later. It must end the run before it goes.
    FARCALL_DECL void carried_by(recorded_attempt& handler);
    /// Another attempt, which must stay until it is told the end; that may be at once.
    /// @param superseding  it takes the place of an earlier attempt of the same caller
    FARCALL_DECL void join(recorded_attempt& attempt, bool superseding);
    /// Nobody waits for the answer to this attempt any more. When that is true for every caller, the handler is stopped.
    /// @returns whether the attempt is to stop its own handler now
    FARCALL_DECL bool give_up(recorded_attempt& attempt, stop_reason why);

private:
    friend class recorder;

    recorder& all_;
    std::uint64_t ticket_;
    bool numbered_;
    text_buffer text_;
    std::string reply_;  ///< if anybody joins

    // Under the recorder's mutex, and changed only by who ends the run:
    bool ended_ = false;

    // Under the recorder's mutex:
    bool shared_ = false;                   ///< somebody has found it, and may join
    recorded_run* next_ = nullptr;          ///< among the recorder's
    std::size_t callers_ = 1;               ///< that wait for the reply
    recorded_attempt* handler_ = nullptr;   ///< until the end
    std::vector<recorded_attempt*> joined_;
};

/// Holds a run for whoever must end it: at the latest when this is destroyed.
class run_owner {
public:
    run_owner() noexcept = default;
    explicit run_owner(std::shared_ptr<recorded_run> run) noexcept : run_(std::move(run)) {}
    run_owner(run_owner&& other) noexcept = default;
    run_owner& operator=(run_owner&& other) noexcept = default;
    ~run_owner() {
        if (run_ != nullptr) [[unlikely]] give_up();
    }

    explicit operator bool() const noexcept { return run_ != nullptr; }
    recorded_run* get() const noexcept { return run_.get(); }
    recorded_run* operator->() const noexcept { return run_.get(); }

private:
    /// Ends it if nobody has.
    FARCALL_DECL void give_up() noexcept;

    std::shared_ptr<recorded_run> run_;
};

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/recorded_run.ipp>
#endif
