#pragma once

#include <cstddef>
#include <memory>

#include <farcall/clock.hpp>
#include <farcall/server/call_details.hpp>
#include <farcall/server/dispatcher.hpp>
#include <farcall/status.hpp>

namespace farcall::detail {

/// What a call is counted by: gathered from its turn to its end, wherever that comes about.
///
/// Every request and notification that comes has one, made in `server_connection::dispatch`; a call that is answered
/// later takes it along. Whoever answers writes how (`reply_route`); the end is `server_connection::ended`, once.
struct call_account {
    const method_entry* method = nullptr;  ///< null: there is none of that name
    std::size_t bytes_in = 0;              ///< JSON text of the request; in a batch, of the element
    std::size_t bytes_out = 0;             ///< JSON text of the answer; 0: there was none
    time_point arrived{};                  ///< when its bytes came
    time_point turn{};                     ///< when it was begun with: behind those that came before it
    time_point::duration waited{};         ///< after that, for a thread of the worker pool
    farcall::status status = farcall::status::ok;  ///< what the caller is told; or would be, if it waited
    bool reserved = false;  ///< the library's own method, such as rpc.discover
    bool refused = false;   ///< the message turned out to be no request: not a call
    bool late = false;      ///< its deadline had passed before its turn
    bool replayed = false;  ///< answered with what an earlier attempt has ended with
    bool repeated = false;  ///< the caller says that it is a further attempt
    std::shared_ptr<call_details> seen{};  ///< null: nobody watches calls

    /// @{ What the call itself took, with its interceptors; and how long it stood in a queue.
    time_point::duration time(time_point end) const noexcept { return end - turn - waited; }
    time_point::duration queued() const noexcept { return turn - arrived + waited; }
    /// @}

    /// It ends with this failure, as far as it is known here.
    void fail(const error& why) {
        status = why.status();
        if (seen) seen->failure = why;
    }
};

}  // namespace farcall::detail
