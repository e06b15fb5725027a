#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include <farcall/client/channel.hpp>
#include <farcall/client/repetition.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/interceptor/interception.hpp>
#include <farcall/session/outgoing_call.hpp>
#include <farcall/transport/time_source.hpp>

namespace farcall::detail {

class client_core;

/// One call of a client's, or one attempt of it, on its way through a chain of interceptors to a channel.
///
/// Holds the call from `start` to its end. What is made on the channel is a call of its own, with what the interceptors
/// have made of the call. Owned by itself, by what the channel does, and by the coroutines of the chain: when the
/// executor is destroyed with these, the call is abandoned.
/// @par Thread safety  Unsafe: used on the I/O thread only.
class client_interception final : public interception, public call_holder, public repetition::pausing {
public:
    /// @param chain  must live as long as the core
    /// @param inner  where the call goes behind the last interceptor
    FARCALL_DECL client_interception(std::shared_ptr<client_core> core, const std::vector<interceptor>& chain,
                                     std::shared_ptr<channel> inner, outgoing_call& outer);
    FARCALL_DECL ~client_interception() override;

    /// Takes the call over. Once, after it has been made.
    FARCALL_DECL void start();

    FARCALL_DECL void cancel(outgoing_call& outer, const error& why) override;
    /// The client was told to end its calls.
    void give_up(const error& why) override { end_soon(why); }
    FARCALL_DECL void give_up() override;
    FARCALL_DECL error stop_failure() const override;

private:
    /// What is made on the channel.
    struct inner_call final : outgoing_call {
        explicit inner_call(client_interception& owner) noexcept : owner_(owner) {}
        void complete(const reply& end) noexcept override { owner_.inner_ended(end); }
        void abandon() noexcept override { owner_.inner_abandoned(); }

    private:
        client_interception& owner_;
    };

    FARCALL_DECL void invoke() override;
    void may_wait() override { watch_deadline(); }
    FARCALL_DECL void finish(call_outcome end) override;

    FARCALL_DECL void watch_deadline();
    /// Ends the call where nothing else does: a coroutine of the chain has it. What is under way on the channel ends by
    /// itself, for the same reason.
    void end_soon(const error& why);
    void halt();
    void inner_ended(const reply& end) noexcept;
    void inner_abandoned() noexcept;

    std::shared_ptr<client_core> core_;
    std::shared_ptr<channel> channel_;
    outgoing_call* outer_;  ///< null: it has been told its end
    inner_call inner_{*this};
    std::unique_ptr<timer> alarm_;   ///< null: the chain does not wait, so that whatever takes time is the channel's
    std::stop_source nobody_waits_;  ///< without a state, likewise
    std::optional<error> why_;       ///< why the call is to end
    time_point watched_ = never;     ///< when the alarm comes
    executed ran_ = executed::no;
    unsigned attempts_ = 0;
    bool under_way_ = false;  ///< on the channel
};

/// A channel on which every call passes interceptors before another channel gets it.
class intercepting_channel final : public channel {
public:
    /// @param core   owns this
    /// @param chain  must live as long as the core
    intercepting_channel(client_core& core, const std::vector<interceptor>& chain,
                         std::shared_ptr<channel> inner) noexcept
        : core_(core), chain_(chain), inner_(std::move(inner)) {}

    FARCALL_DECL void start(outgoing_call& call) override;

private:
    client_core& core_;
    const std::vector<interceptor>& chain_;
    std::shared_ptr<channel> inner_;
};

/// Makes a call through a chain of interceptors: `call.complete` follows.
FARCALL_DECL void start_intercepted(const std::shared_ptr<client_core>& core, const std::vector<interceptor>& chain,
                                    std::shared_ptr<channel> inner, outgoing_call& call);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/client_interception.ipp>
#endif
