#pragma once

#include <string>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/protocol/http/head.hpp>
#include <farcall/protocol/meta.hpp>

namespace farcall::detail {

/// Whether a field is HTTP's or the browser's own, and nothing that a caller says.
[[nodiscard]] FARCALL_DECL bool field_of_http(std::string_view name) noexcept;

/// Whether a server hands a field with this name on as metadata: it has no meaning of its own. Otherwise what a caller
/// says under that name has to travel in the message.
[[nodiscard]] FARCALL_DECL bool field_is_metadata(std::string_view name) noexcept;

/// Takes from a request's fields what travels with its calls.
///
/// `Timeout-Ms` is what is left of the deadline, in milliseconds; `Idempotency-Key` names the call, with or without
/// quotes; `Farcall-Trailers: true` asks what there is beside the answer; `traceparent` and `tracestate` are those of W3C Trace Context. Everything else becomes metadata, names in
/// lower case, repeated ones joined by a comma and a space, but what is a `field_of_http`:
/// `Host`, `Connection` and what it names, `Keep-Alive`, `Proxy-*`, `TE`, `Trailer`, `Transfer-Encoding`, `Upgrade`,
/// `HTTP2-Settings`, `Expect`, `Content-*`, `Accept` and `Accept-*`, `Cookie`, `Origin`, `Sec-*` and
/// `Access-Control-*`.
///
/// @param meta     is replaced
/// @param problem  on failure, what is wrong and what to do
/// @returns whether they could be read
/// @see RFC 9110, sections 5.2 and 7.6.1; draft-ietf-httpapi-idempotency-key-header
[[nodiscard]] FARCALL_DECL bool read_call_fields(const http_head& head, call_meta& meta, std::string& problem);

/// The text that a path stands for, without its first slash: percent signs decoded.
///
/// @returns false if it is no UTF-8 without control characters then, or a percent sign is not followed by two digits
/// @see RFC 3986, section 2.1
[[nodiscard]] FARCALL_DECL bool decode_path(std::string_view path, std::string& text);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/call_fields.ipp>
#endif
