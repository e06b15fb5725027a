#pragma once

#include <string_view>

namespace farcall::detail {

/// @{ Names of the library's own messages; JSON-RPC reserves names that begin so for this.
inline constexpr std::string_view reserved_prefix = "rpc.";
inline constexpr std::string_view cancel_method = "rpc.cancel";      ///< `{id}`: the caller gave that call up.
inline constexpr std::string_view cancel_alias = "$/cancelRequest";  ///< The same as editors (LSP) say it.
inline constexpr std::string_view goaway_method =
    "rpc.goaway";  ///< `{last_id}`: calls after that id were not accepted.
inline constexpr std::string_view ping_method = "rpc.ping";
inline constexpr std::string_view pong_method = "rpc.pong";
/// @}

}  // namespace farcall::detail
