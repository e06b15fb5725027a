#pragma once

#include <optional>
#include <string_view>

#include <farcall/detail/chrono.hpp>
#include <farcall/detail/config.hpp>
#include <farcall/detail/text_buffer.hpp>
#include <farcall/metadata.hpp>

namespace farcall::detail {

/// The member `meta` of a response, behind `result` or `error`: what travels with an answer beside it.
///
/// Only a caller that asks for it gets it (`call_meta::trailers`), so that no client sees a member that JSON-RPC does
/// not know without having asked.
/// @see DESIGN section 2
struct reply_meta {
    /// From the arrival of the request at the server to this answer.
    std::optional<std::chrono::microseconds> server_time{};
    metadata headers{};  ///< the handler's, see `context::trailers`
};

/// Appends the member to a response whose last brace has been written, which it writes again: `,"meta":{...}}`.
/// @param headers  null: none
FARCALL_DECL void add_reply_meta(text_buffer& out, std::chrono::microseconds server_time, const metadata* headers);

/// Reads the value of the member. It is no more than a note on the answer: what cannot be read, or would be too much,
/// is left out.
///
/// @param text  JSON that a scan has found good; empty: nothing is said
FARCALL_DECL reply_meta read_reply_meta(std::string_view text);

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/reply_meta.ipp>
#endif
