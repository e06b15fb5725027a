#pragma once

#include <memory>

#include <farcall/client/client_core.hpp>
#include <farcall/client/once_line.hpp>
#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// Makes the call `rpc.hello` for those who wait for a session in the core's `once_line`, which is told the end.
///
/// It is repeated without an end of its own: those who wait have their deadlines, and it is cancelled when nobody waits.
FARCALL_DECL void start_hello(const std::shared_ptr<client_core>& core);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/hello_call.ipp>
#endif
