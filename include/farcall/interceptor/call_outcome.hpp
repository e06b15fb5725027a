#pragma once

#include <optional>
#include <string>
#include <utility>

#include <farcall/detail/chrono.hpp>
#include <farcall/error.hpp>
#include <farcall/metadata.hpp>

namespace farcall {

/// What a call has ended with, as interceptors see it: bytes, before they are decoded or sent.
struct call_outcome {
    /// JSON text of the result, if there is no failure; empty is null.
    std::string result{};
    /// Why there is none.
    std::optional<error> failure{};
    /// What travels with the answer.
    metadata trailers{};
    /// On the client: what the server says of its time, see `call_report::server_time`.
    std::optional<std::chrono::microseconds> server_time{};
    /// On the client: the result is that of an earlier call.
    bool stale = false;

    /// @{ An end of an interceptor's own.
    static call_outcome answer(std::string json) {
        call_outcome made;
        made.result = std::move(json);
        return made;
    }
    static call_outcome failed(error why) {
        call_outcome made;
        made.failure = std::move(why);
        return made;
    }
    /// @}

    /// What the call ended with: `ok` if there is no failure.
    farcall::status status() const noexcept { return failure ? failure->status() : farcall::status::ok; }
};

}  // namespace farcall
