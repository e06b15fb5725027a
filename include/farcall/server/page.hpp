#pragma once

#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>

namespace farcall::detail {

/// The page for a browser at GET /: what the server does now, what it offers, and a form for each method that calls it.
///
/// One constant text, the same for every server, that loads nothing but /openrpc.json, asks for rpc.metrics by POST every
/// second as long as somebody looks at them, and calls over a WebSocket of its own origin.
FARCALL_DECL std::string page_text();

/// The page's `Content-Security-Policy`. Style and script stand in the page, whose text no input is ever part of; what
/// comes from the server may only become text.
inline constexpr std::string_view page_security_policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/page.ipp>
#endif
