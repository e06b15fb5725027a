#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/protocol/framing.hpp>
#include <farcall/protocol/sniff.hpp>

namespace farcall::detail {

struct server_shared;

/// The framing by which a server speaks `spoken`.
///
/// @param offers_pages  whether pages are shown at the address of the connection
/// @param out           takes what the peer is told where there is none
/// @returns null if this server does not speak it; the connection is closed then
FARCALL_DECL std::unique_ptr<framing> make_framing(wire_protocol spoken, server_shared& shared, bool offers_pages,
                                                   text_buffer& out);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/server/impl/make_framing.ipp>
#endif
