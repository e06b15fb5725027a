#pragma once

#include <memory>

#include <farcall/client/call_request.hpp>
#include <farcall/client/io_task.hpp>

namespace farcall::detail {

/// A call that nobody waits for; owns itself until it is handed to the connection.
class one_way_call final : public outgoing_call, public io_task {
public:
    /// Throws if the arguments could not be encoded.
    static void send(const call_draft& draft) {
        auto call = std::make_unique<one_way_call>(draft);
        const call_request& request = call->request_;
        if (const error* const why = request.failure()) throw why->with_method(request.name());
        request.submit(*call.release());
    }

    explicit one_way_call(const call_draft& draft) : request_(draft) {
        request_.fill(*this);
        one_way = true;
        wants_meta = plain = false;
    }

    void run() noexcept override { request_.start_one_way(*this); }

    void complete(const reply& end) noexcept override {
        request_.ended(end, end.failure);
        // Destroying the core in its own connection's hands is left to the next turn of the loop.
        const std::unique_ptr<one_way_call> owned{this};
    }

    void abandon() noexcept override { const std::unique_ptr<one_way_call> owned{this}; }

private:
    call_request request_;
};

}  // namespace farcall::detail
