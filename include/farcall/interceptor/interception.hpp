#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include <farcall/detail/config.hpp>
#include <farcall/interceptor/call_outcome.hpp>
#include <farcall/interceptor/intercepted_call.hpp>
#include <farcall/interceptor/interceptor.hpp>

namespace farcall::detail {

/// One call's way through a chain of interceptors: inwards to `invoke`, and its outcome outwards to `finish`.
///
/// What is further in has always ended before the outcome goes on outwards: a stage of which the coroutine ends first
/// gives it up and keeps its own outcome until then, so that nothing of the call is used behind `finish`.
///
/// Owned by a `std::shared_ptr`; keeps itself from `begin` to `finish`.
/// @par Thread safety  Unsafe: used on its executor only.
class interception : public std::enable_shared_from_this<interception> {
public:
    /// The coroutine of one stage, and what waits in it for what is further in.
    class waiting_stage {
    public:
        virtual ~waiting_stage() = default;
        /// The outcome of what is further in.
        virtual void resume(call_outcome end) = 0;
        /// Cancels the coroutine.
        virtual void stop() = 0;
        /// Nothing runs any more: destroys what waits for what is further in.
        virtual void abandon() noexcept = 0;
    };

    /// @param chain  must outlive this
    interception(const std::vector<interceptor>& chain, boost::asio::any_io_executor executor, intercepted_call call)
        : chain_(chain), executor_(std::move(executor)), call_(std::move(call)) {}
    interception(const interception&) = delete;
    interception& operator=(const interception&) = delete;
    virtual ~interception() = default;

    intercepted_call& call() noexcept { return call_; }
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

    /// Once, after it was made: `finish` follows, maybe from inside.
    FARCALL_DECL void begin();
    /// Nobody waits for the outcome any more: coroutines that run are cancelled, and so is the call if it was made. The
    /// way outwards and `finish` follow as ever.
    FARCALL_DECL void stop();
    /// The executor is being destroyed with the call under way: coroutines that wait are destroyed, and `finish` does not
    /// follow. For whoever finds that what it waits for will never come.
    FARCALL_DECL void abandon() noexcept;

    /// @{ For the coroutine of the stage with that index.
    /// It begins.
    FARCALL_DECL void running(std::size_t index, std::shared_ptr<waiting_stage> stage);
    /// Makes the call with what is further in, once: `resume` follows, maybe from inside.
    FARCALL_DECL void go_on(std::size_t index);
    /// Gives up what is further in, as far as it is under way: coroutines there are cancelled, the call is if it was
    /// made, and is not made any more if not.
    FARCALL_DECL void give_up_behind(std::size_t index);
    /// It has ended. What is further in is given up if it is under way.
    FARCALL_DECL void ended(std::size_t index, call_outcome end);
    /// @}

    /// Whether nobody waits for the outcome any more.
    bool stopped() const noexcept { return stopped_; }
    /// What a stage has ended with that was cancelled because of it.
    virtual error stop_failure() const {
        return error{status::cancelled, "the call was given up while an interceptor ran"};
    }

    /// Nobody waits for what `invoke` made any more; `answered` follows as ever. Without effect if it was not made, or
    /// has ended.
    virtual void give_up() = 0;

protected:
    /// What the call ends with that was given up before it was made.
    virtual error refusal() { return stop_failure().with_executed(executed::no); }
    /// A coroutine of the chain begins: from now on the call may take time, within its present deadline.
    virtual void may_wait() {}
    /// Makes the call as `call()` now says: `answered` follows, once, maybe from inside.
    virtual void invoke() = 0;
    /// The outcome has passed all interceptors.
    virtual void finish(call_outcome end) = 0;
    FARCALL_DECL void answered(call_outcome end);

private:
    /// One whose stage is a coroutine.
    struct coroutine_state {
        std::shared_ptr<waiting_stage> stage{};  ///< until both the coroutine and what is further in have ended
        std::optional<call_outcome> held{};      ///< what the coroutine has ended with, before what is further in
        bool awaits = false;                     ///< what is further in is under way
    };
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    void inwards(std::size_t from);
    void outwards(std::size_t from, call_outcome end);
    void give_up_from(std::size_t first);

    const std::vector<interceptor>& chain_;
    boost::asio::any_io_executor executor_;
    intercepted_call call_;
    std::vector<coroutine_state> coroutines_;  ///< by stage; empty as long as none has begun that is one
    std::shared_ptr<interception> self_;
    std::size_t given_up_from_ = nowhere;  ///< the first stage of which nobody wants the outcome any more
    bool stopped_ = false;
};

/// What an exception of an interceptor's makes of a call: a `farcall::error` as it is, anything else `internal`.
FARCALL_DECL error interceptor_failure(std::exception_ptr thrown);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/interception.ipp>
#endif
