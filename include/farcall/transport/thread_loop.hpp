#pragma once

// With FARCALL_ASIO_LOOP defined for the whole program, Asio's event loop is used on Linux, too.
#if defined(__linux__) && !defined(FARCALL_ASIO_LOOP)
#include <farcall/transport/event_loop.hpp>
#else
#include <farcall/transport/asio_loop.hpp>
#endif

namespace farcall::detail {

/// What the threads of a server and of a client run if the user gave them no executor.
#if defined(__linux__) && !defined(FARCALL_ASIO_LOOP)
using thread_loop = event_loop;
#else
using thread_loop = asio_loop;
#endif

}  // namespace farcall::detail
