#pragma once

#include <cstddef>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

struct server_shared;

/// Appends the result of `rpc.metrics`: what `server::metrics` tells as one JSON object. Times are in microseconds unless
/// a name says otherwise. Who asks very often gets numbers that are a tenth of a second old.
/// @param seconds  of what was before that are added as `history`; 0: none
FARCALL_DECL void append_metrics(text_buffer& out, server_shared& server, std::size_t seconds);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/metrics_document.ipp>
#endif
