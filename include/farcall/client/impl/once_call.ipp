#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/recycling_allocator.hpp>

#include <farcall/client/hello_call.hpp>
#include <farcall/client/once_call.hpp>
#include <farcall/client/repeated_call.hpp>
#include <farcall/detail/mutant.hpp>

namespace farcall::detail {

/// A call that runs exactly once, with its attempts.
///
/// Whether an attempt may have run (`ran`) counts only where the server may not know its name: then nothing is repeated.
class once_call final : public repeated_call, public once_line::waiter {
public:
    once_call(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
              outgoing_call& whole)
        : repeated_call(core, std::move(policy), whole) {}

    ~once_call() override {
        if (core()) line().abandoned(*this);
    }

    void turn() override {
        const auto self = entering_ ? nullptr : wake_up();
        stamp = number();
        if (!last_failure() || number() != nullptr) return make_attempt(true);
        attempt_again(true);
    }

    void refused(const error& why) override {
        const auto self = entering_ ? nullptr : wake_up();
        if (ran() == executed::no) return finish(why);
        finish(*last_failure(), " that is safe: whether the server knows idempotency keys is not known");
    }

    void open_session() override { start_hello(core()); }

private:
    bool keyed() const noexcept { return !idempotency_key.empty(); }
    once_line& line() { return core()->repeats().once(); }

    void first() override {
        if (keyed())
            make_attempt(true);
        else
            wait_in_line();
    }

    void failed(const error& why) override {
        if (number() != nullptr && why.type() == "rpc.session_expired") return session_lost(why);
        // What ran has been answered with this, and would be again.
        if (why.origin() == origin::peer && why.executed() != executed::no) return finish(why);
        pause_or_finish(why);
    }

    void resume() override {
        if (waits()) return still_waits();
        if (keyed()) {
            // A server that knows no keys would run it again.
            if (ran() != executed::no && !line().offered()) return wait_in_line();
        } else {
            if (number() == nullptr) return wait_in_line();
            if (line().lost(*this)) return session_lost(*last_failure());
        }
        attempt_again(true);
    }

    void ended() noexcept override { line().leave(*this); }

    void wait_in_line() {
        // Most calls need not wait: a timer only for those that do.
        entering_ = true;
        if (keyed())
            line().enter_unnumbered(*this);
        else
            line().enter(*this);
        entering_ = false;
        if (waits()) wait_on();
    }

    void wait_on() { pause_until(std::min(whole().deadline, now() + longest_wait)); }

    void still_waits() {
        if (now() < whole().deadline) return wait_on();
        std::string text = "the deadline passed before the call was sent: ";
        if (line().problem())
            text += "no session could be opened: " + line().problem()->message();
        else
            text += "no session was opened yet, or earlier calls fill its window";
        finish(error{status::deadline_exceeded, std::move(text)});
    }

    void session_lost(const error& why) {
        line().forgotten(*this);
        stamp = nullptr;
        if (ran() != executed::no && !FARCALL_MUTANT(lost_sessions_are_renewed))
            return finish(error{status::aborted,
                                "the server has forgotten the session of this call, and with it whether the call ran; "
                                "nothing was run again: find out by another call"});
        ++attempt;
        if (!std::exchange(renewed_, true)) return wait_in_line();
        // A server that forgets what it has just opened is not asked again and again without a pause.
        pause_or_finish(error{status::unavailable, "the server forgets its sessions at once: " + why.message()}.with_executed(
            executed::no));
    }

    /// Without a deadline it looks around now and then.
    static constexpr std::chrono::hours longest_wait{1};

    bool entering_ = false;  ///< inside of `wait_in_line`: there is no pause to end
    bool renewed_ = false;
};

FARCALL_DECL void start_once(const std::shared_ptr<client_core>& core, std::shared_ptr<const retry_decisions> policy,
                             outgoing_call& call) {
    std::allocate_shared<once_call>(boost::asio::recycling_allocator<void>{}, core, std::move(policy), call)->begin();
}

}  // namespace farcall::detail
