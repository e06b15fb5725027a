#pragma once

#include <memory>

#include <farcall/detail/config.hpp>
#include <farcall/limits.hpp>
#include <farcall/protocol/framing.hpp>

namespace farcall::detail {

/// JSON texts on lines, from clients as simple as netcat.
///
/// A line is a message. What has no line feed yet is a message as soon as its brackets close, so that a client that
/// never sends one is answered, too; and the last one may lack both when the peer ends its side. Blank lines and a
/// carriage return are white space. Each answer is one line.
///
/// A line with more than one JSON text on it is no message, if it was received whole. If its first text came in a
/// packet of its own, that was taken for a message already; no client can rely on either.
/// @see DESIGN section 2
[[nodiscard]] FARCALL_DECL std::unique_ptr<framing> make_line_framing(const limits& bounds);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/line_framing.ipp>
#endif
