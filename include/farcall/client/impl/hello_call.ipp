#pragma once

#include <utility>

#include <boost/asio/recycling_allocator.hpp>

#include <farcall/client/hello_call.hpp>
#include <farcall/client/repeated_call.hpp>
#include <farcall/protocol/hello.hpp>
#include <farcall/protocol/side_message.hpp>

namespace farcall::detail {

/// The whole of a hello; owns itself.
class hello_call final : public outgoing_call {
public:
    explicit hello_call(std::shared_ptr<client_core> core) : core_(std::move(core)) {
        method = hello_name;
        params = session_hello_params;
    }

    void complete(const reply& end) noexcept override {
        const std::unique_ptr<hello_call> owned{this};
        once_line& line = core_->repeats().once();
        if (end.failure == nullptr)
            line.opened(end.result);
        else
            line.not_opened(*end.failure);
    }

    void abandon() noexcept override { const std::unique_ptr<hello_call> owned{this}; }

private:
    std::shared_ptr<client_core> core_;
};

/// Its attempts.
class hello_attempts final : public repeated_call {
public:
    hello_attempts(const std::shared_ptr<client_core>& core, outgoing_call& whole)
        : repeated_call(core, nullptr, whole) {}

private:
    void first() override { make_attempt(); }

    void failed(const error& why) override {
        core()->repeats().once().hello_failed(why);
        pause_or_finish(why);
    }

    void resume() override { attempt_again(); }
};

FARCALL_DECL void start_hello(const std::shared_ptr<client_core>& core) {
    auto* const call = new hello_call{core};
    core->repeats().once().hello(*call);
    std::allocate_shared<hello_attempts>(boost::asio::recycling_allocator<void>{}, core, *call)->begin();
}

}  // namespace farcall::detail
