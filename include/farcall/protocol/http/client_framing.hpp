#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/client_framing.hpp>

namespace farcall::detail {

/// The client's side of HTTP/1.1: each message is the body of a POST to the URL's path, its answer that of the response.
///
/// One request is under way at a time; the others are held back until its response is there. So what is lost with the
/// connection is one call at most, and a server that ends the connection after each response loses none.
/// Metadata travels as header fields if a server hands all of it on from there, otherwise in the message.
/// Where a call stands in a trace travels as the fields that the specification of traces names.
/// @see field_is_metadata
/// @see RFC 9112; W3C Trace Context, section 3
[[nodiscard]] FARCALL_DECL std::unique_ptr<client_framing> make_http_client_framing(const endpoint& server,
                                                                                   const limits& bounds);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/http/impl/client_framing.ipp>
#endif
