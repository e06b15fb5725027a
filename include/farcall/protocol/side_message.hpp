#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <farcall/detail/config.hpp>
#include <farcall/detail/library_calls.hpp>
#include <farcall/detail/text_buffer.hpp>

namespace farcall::detail {

/// @file
/// Side messages: notifications of the library itself, beside the calls of the application.
///
/// Their names begin with "rpc.", which JSON-RPC reserves for this. A peer that does not know one ignores it, as it
/// ignores any notification without a method. The `append_` functions write whole messages, without framing; the
/// `read_` functions take the text of `params`, checked JSON or not, and find nothing in what has another form.
/// @see DESIGN section 2

/// @{ Names.
inline constexpr std::string_view cancel_name = "rpc.cancel";
inline constexpr std::string_view lsp_cancel_name = "$/cancelRequest";  ///< the same, of the Language Server Protocol
inline constexpr std::string_view goaway_name = "rpc.goaway";
inline constexpr std::string_view ping_name = "rpc.ping";
inline constexpr std::string_view pong_name = "rpc.pong";
/// @}

/// Whether a name is kept for the library: one comparison for a method of the application.
constexpr bool reserved_name(std::string_view method) noexcept {
    return method.starts_with("rpc.") || method == lsp_cancel_name;
}

/// Whether only a client of farcall says it, which knows what this side says unasked: the other names are OpenRPC's, the
/// Language Server Protocol's, or a probe's.
constexpr bool farcall_name(std::string_view method) noexcept {
    return method == hello_name || method == ping_name || method == cancel_name;
}

/// The JSON text of one member of `params`, the last of that name; empty if it is not there or `params` is no object.
[[nodiscard]] FARCALL_DECL std::string_view side_member(std::string_view params, std::string_view name);

/// `rpc.cancel`: the answer to the call with this id is not wanted any more.
FARCALL_DECL void append_cancel(text_buffer& out, std::uint64_t id);
/// @returns the id's own text, a number or a string with its quotes; empty: there is none
[[nodiscard]] FARCALL_DECL std::string_view read_cancel(std::string_view params);

/// `rpc.goaway`: calls behind the one with this id are not taken on this connection.
/// @param last_id  the id's own text; empty: no call was taken
FARCALL_DECL void append_goaway(text_buffer& out, std::string_view last_id);
/// What a goaway says: the last call that was taken, of those that count their ids.
/// @returns 0 if none was taken; nothing if it cannot be read: then any may have been taken
[[nodiscard]] FARCALL_DECL std::optional<std::uint64_t> read_goaway(std::string_view params);

/// Writes a message that means nothing in place of another one, the rest as blanks, so that its length stays.
/// @param length  of the other one: a request, a notification or a side message, which are all at least as long
inline void put_nothing(char* at, std::size_t length) noexcept {
    constexpr std::string_view nothing = R"({"jsonrpc":"2.0","method":"rpc."})";
    std::memcpy(at, nothing.data(), nothing.size());
    std::memset(at + nothing.size(), ' ', length - nothing.size());
}

/// @{ `rpc.ping`, and `rpc.pong` with the same number: is anybody there?
FARCALL_DECL void append_ping(text_buffer& out, std::uint64_t number);
FARCALL_DECL void append_pong(text_buffer& out, std::uint64_t number);
[[nodiscard]] FARCALL_DECL std::optional<std::uint64_t> read_ping(std::string_view params);
/// @}

}  // namespace farcall::detail

#if !defined(FARCALL_SEPARATE_COMPILATION)
#include <farcall/protocol/impl/side_message.ipp>
#endif
