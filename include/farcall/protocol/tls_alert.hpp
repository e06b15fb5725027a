#pragma once

#include <string_view>

namespace farcall::detail {

/// What a server without TLS sends to a TLS client before it closes: the alert `handshake_failure`, fatal.
///
/// The client's user reads of a failed handshake then, and not of a peer that hung up.
/// @see RFC 8446, sections 5.1 and 6
inline constexpr std::string_view tls_alert{"\x15\x03\x03\x00\x02\x02\x28", 7};

}  // namespace farcall::detail
