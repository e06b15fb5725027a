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
/// Owned by a `std::shared_ptr`; keeps itself from `begin` to `finish`.
/// @par Thread safety  Unsafe: used on its executor only.
class interception : public std::enable_shared_from_this<interception> {
public:
    /// Where the coroutine of one stage waits for what is further in.
    class waiting_stage {
    public:
        virtual ~waiting_stage() = default;
        /// The outcome of what is further in.
        virtual void resume(call_outcome end) = 0;
        /// Cancels the coroutine.
        virtual void stop() = 0;
        /// Nothing runs any more: destroys the coroutine if it waits for what is further in.
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

    /// @{ For stages: goes on behind the stage with that index; its coroutine has ended.
    FARCALL_DECL void go_on(std::size_t index, waiting_stage& stage);
    FARCALL_DECL void ended(std::size_t index, call_outcome end);
    /// Registers the coroutine of a stage, from its begin to its end; null: it has ended.
    void running(std::size_t index, std::shared_ptr<waiting_stage> stage) {
        if (running_.empty()) running_.resize(chain_.size());
        running_[index] = std::move(stage);
    }
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
    /// Makes the call as `call()` now says: `answered` follows, once, maybe from inside.
    virtual void invoke() = 0;
    /// The outcome has passed all interceptors.
    virtual void finish(call_outcome end) = 0;
    FARCALL_DECL void answered(call_outcome end);

private:
    void inwards(std::size_t from);
    void outwards(std::size_t from, call_outcome end);

    const std::vector<interceptor>& chain_;
    boost::asio::any_io_executor executor_;
    intercepted_call call_;
    std::vector<std::shared_ptr<waiting_stage>> running_;  ///< by stage; empty as long as none is a coroutine
    std::vector<waiting_stage*> awaited_;                  ///< those that wait for what is further in
    std::shared_ptr<interception> self_;
    bool stopped_ = false;
};

/// What an exception of an interceptor's makes of a call: a `farcall::error` as it is, anything else `internal`.
FARCALL_DECL error interceptor_failure(std::exception_ptr thrown);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/interceptor/impl/interception.ipp>
#endif
