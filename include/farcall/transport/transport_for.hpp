#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/result.hpp>
#include <farcall/transport/transport.hpp>

namespace farcall {

/// The transport that a URL's scheme asks for: TCP (also of ws:// and http://), Unix or memory.
/// @returns `invalid_argument` if this library has none of that scheme
FARCALL_DECL result<std::shared_ptr<transport>> transport_for(const endpoint& where);

}  // namespace farcall

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/transport/impl/transport_for.ipp>
#endif
