#pragma once

#include <memory>

#include <farcall/client/call_request.hpp>
#include <farcall/client/io_driver.hpp>

namespace farcall::detail {

/// A call that nobody waits for; owns itself until it is handed to the connection.
class one_way_call final : public outgoing_call, public io_driver::task {
public:
    /// Throws if the arguments could not be encoded.
    static void send(call_request request) {
        if (request.failure) throw request.failure->with_method(request.name());
        auto call = std::make_unique<one_way_call>(std::move(request));
        io_driver& driver = call->request_.core->driver();
        driver.submit(*call.release());
    }

    explicit one_way_call(call_request request) : request_(std::move(request)) {
        request_.fill(*this);
        one_way = true;
        wants_meta = false;
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
