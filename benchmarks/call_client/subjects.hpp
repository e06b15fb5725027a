#pragma once

#include "../support/load.hpp"

namespace bench {

/// Each makes the calls of a load and prints one line of JSON.
void raw_blocking(const load& which);
void raw_epoll(const load& which);
void raw_asio(const load& which);
void farcall_blocking(const load& which);
void farcall_busy(const load& which);
void farcall_callback(const load& which);
void farcall_context(const load& which);
void farcall_no_deadline(const load& which);
void farcall_coroutine(const load& which);

/// Blocking calls on a connection on which a thousand calls wait for their answers.
void farcall_behind_slow(const load& which);

/// Each connects, makes one call and closes, again and again.
void raw_connect(const load& which);
void farcall_connect(const load& which);

/// Writes what calls look like on the wire: for each a file in the folder `frames`.
void capture(const load& which);

}  // namespace bench
