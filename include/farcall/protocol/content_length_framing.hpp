#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/framing.hpp>

namespace farcall::detail {

/// JSON texts behind a header of their own each, as language servers and vscode-jsonrpc have them:
/// `Content-Length: 17`, perhaps `Content-Type`, an empty line, 17 bytes of JSON in UTF-8.
///
/// A header that leaves a doubt about where the next message begins is answered with the reason, and the connection
/// ends.
/// @see Language Server Protocol 3.17, "Base Protocol"
[[nodiscard]] FARCALL_DECL std::unique_ptr<framing> make_content_length_framing(const limits& bounds);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/content_length_framing.ipp>
#endif
