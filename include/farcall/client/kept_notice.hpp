#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <string>

#include <farcall/metadata.hpp>
#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// A copy of a one-way call that has to wait: nobody else keeps it, for it counts as made. Owns itself until its end.
class kept_notice final : public outgoing_call {
public:
    explicit kept_notice(const outgoing_call& call) : method_(call.method), params_(call.params) {
        assert(call.lent == nullptr);  // no one-way call has it
        if (call.headers != nullptr) headers = &headers_.emplace(*call.headers);
        if (call.trace != nullptr) trace = &trace_.emplace(*call.trace);
        method = method_;
        params = params_;
        deadline = call.deadline;
        now = call.now;
        wait_for_ready = call.wait_for_ready;
        one_way = self_owned = true;
    }

    void complete(const reply&) noexcept override { const std::unique_ptr<kept_notice> owned{this}; }
    void abandon() noexcept override { const std::unique_ptr<kept_notice> owned{this}; }

private:
    std::string method_;
    std::string params_;
    std::optional<metadata> headers_;
    std::optional<trace_context> trace_;
};

}  // namespace farcall::detail
