#pragma once

#include <cstddef>
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

/// Blank bytes in front of the first message that a connection is waited for.
inline constexpr std::size_t most_blanks_first = 256;

/// Tells by the first bytes of a connection what it speaks.
///
/// The first byte decides. Two cases need more: a `C`, because both HTTP's CONNECT and `Content-Length:` begin with it,
/// and white space, which may be a blank line in front of JSON; it never makes a line of what looks like HTTP, so that
/// no browser can be made to send one.
/// @param received  everything that has come so far, at least one byte
/// @see DESIGN section 2
constexpr wire_protocol sniff(std::string_view received) noexcept {
    std::size_t at = 0;
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (at != received.size() && blank(received[at])) ++at;
    if (at > most_blanks_first) return wire_protocol::unknown;
    if (at == received.size()) return wire_protocol::undecided;

    const char first = received[at];
    if (first == '{' || first == '[') return wire_protocol::line;
    if (first >= 'A' && first <= 'Z') {
        // Methods of HTTP are written in capitals; the names of the fields that language servers use are not.
        if (first != 'C' || at != 0) return wire_protocol::http;
        if (received.size() == 1) return wire_protocol::undecided;
        return received[1] == 'o' ? wire_protocol::content_length : wire_protocol::http;
    }
    if (at != 0) return wire_protocol::unknown;
    if (static_cast<unsigned char>(first) <= 0x08) return wire_protocol::native;
    return first == 0x16 ? wire_protocol::tls : wire_protocol::unknown;
}

}  // namespace farcall::detail
