#pragma once

#include <farcall/session/outgoing_call.hpp>

namespace farcall::detail {

/// Anything on which a call can be made: a connection, or something that makes calls on one.
///
/// @par Thread safety  Unsafe: used on the I/O thread only.
class channel {
public:
    virtual ~channel() = default;

    /// Makes the call; `call.complete` follows exactly once, maybe from inside this function.
    virtual void start(outgoing_call& call) = 0;
};

}  // namespace farcall::detail
