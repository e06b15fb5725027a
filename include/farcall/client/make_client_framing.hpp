#pragma once

#include <memory>

#include <farcall/client_options.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/endpoint.hpp>
#include <farcall/protocol/client_framing.hpp>

namespace farcall::detail {

/// What is spoken on a connection to `server`, by its URL's scheme; null: native frames.
/// @param options  with `random` set
[[nodiscard]] FARCALL_DECL std::unique_ptr<client_framing> make_client_framing(const endpoint& server,
                                                                               const client_options& options);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/client/impl/make_client_framing.ipp>
#endif
