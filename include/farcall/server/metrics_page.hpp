#pragma once

#include <string>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

struct server_shared;

/// What `server::metrics` tells in the text format of Prometheus: times in seconds, names as its manual wants them. The
/// page `/metrics`.
FARCALL_DECL std::string metrics_page_text(const server_shared& server);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/metrics_page.ipp>
#endif
