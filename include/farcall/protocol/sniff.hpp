#pragma once

#include <cstdint>
#include <string_view>

namespace farcall::detail {

/// What a connection speaks, for all its life.
enum class wire_protocol : std::uint8_t {
    undecided,       ///< the bytes so far fit several
    native,          ///< frames with their length in front
    line,            ///< JSON texts, one a line
    content_length,  ///< a `Content-Length:` header in front of each message, as language servers have it
    http,            ///< HTTP/1.1
    tls,             ///< a TLS client's first record
    unknown          ///< none of these
};

/// Tells by the first bytes of a connection what it speaks.
///
/// @param received  everything that has come so far, at least one byte
/// @see DESIGN section 2
constexpr wire_protocol sniff(std::string_view received) noexcept {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (received.empty()) return wire_protocol::undecided;
    const char first = received.front();
    if (static_cast<unsigned char>(first) <= 0x08) return wire_protocol::native;
    if (first == '{' || first == '[') return wire_protocol::line;
    if (first == 0x16) return wire_protocol::tls;
    if (!upper(first)) return wire_protocol::unknown;
    // Methods of HTTP are written in capitals; the names of header fields that language servers use are not.
    if (first != 'C') return wire_protocol::http;
    if (received.size() < 2) return wire_protocol::undecided;
    return received[1] == 'o' ? wire_protocol::content_length : wire_protocol::http;
}

}  // namespace farcall::detail
